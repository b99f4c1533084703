import { quantities } from '../../domain/quantities.js'
import { createCopyDecoder, encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'
import { joinChunks } from '../join-chunks.js'
import { notBilledBefore } from './already-billed.js'
import { askInSettings, closingOf, type ComponentInputsQuery } from './component-inputs-query.js'
import { isPlain } from './plain-inputs.js'

// The days that the freeze named, each in the revision that it named.
const days = `select jsonb_agg(jsonb_build_object('multiplier', l.multiplier, 'start', epoch_ms(v.day_start),
         'revision', v.revision, 'minutes', v.slot_minutes, 'isFilled', v.verdict = 'filled',
         'values', translate(encode(v.values_e4, 'base64'), E'\\n', '')) order by l.place, v.day_start)
    from determinant_quantity q
   cross join lateral unnest(q.meter_ids, q.multipliers, q.start_reads, q.end_reads, q.start_revisions)
         with ordinality l (meter_id, multiplier, days_from, days_to, revision, place)
    join interval_day v on (v.meter_id, v.channel, v.revision) = (l.meter_id, ${quantities.forward_active_energy.code}, l.revision)
                       and v.day_start >= l.days_from and v.day_start < l.days_to
   where (q.set_id, q.account_id, q.quantity) = (d.set_id, d.account_id, 'interval_days') and q.missing is null`

/**
 * What an account under a tariff of components is rated by, as one document: its determinants, the further quantities, what is agreed with it
 * as known when the determinants were frozen, and where its last bill or the old books left it; under a tariff that asks for curves its
 * interval days. Whole numbers beyond 2^53 are texts; instants are epoch milliseconds, energies and demands e4.
 */
const inputsWhere = (which: string) => `copy (
  select d.account_id, d.tariff_code, jsonb_build_object(
    'kind', d.settlement_kind, 'start', epoch_ms(d.period_start), 'end', epoch_ms(d.period_end), 'inUseFrom', d.ladder_from,
    'energies', jsonb_build_array(d.energy_e4::text, d.tou1_e4::text, d.tou2_e4::text, d.tou3_e4::text, d.tou4_e4::text),
    'quantities', coalesce((
      select jsonb_agg(jsonb_build_object('name', q.quantity, 'unit', q.unit, 'missing', q.missing,
               'registers', jsonb_build_array(q.total, q.tou1, q.tou2, q.tou3, q.tou4))
               || case when q.instead_of is null then '{}' else jsonb_build_object('insteadOf', q.instead_of) end order by q.quantity)
        from (select quantity, min(unit) as unit, min(missing) as missing, min(instead_of) as instead_of, sum(total_e4)::text as total, sum(tou1_e4)::text as tou1,
                     sum(tou2_e4)::text as tou2, sum(tou3_e4)::text as tou3, sum(tou4_e4)::text as tou4
                from determinant_quantity where (set_id, account_id) = (d.set_id, d.account_id) group by quantity) q), '[]'),
    'terms', (select t.document from account_terms t
               where t.account_id = d.account_id and t.recorded_at <= s.recorded_at order by t.revision desc limit 1),
    'agreement', coalesce((
      select jsonb_agg(jsonb_build_object('from', epoch_ms(a.effective_from), 'to', epoch_ms(a.effective_to),
               'capacityKva', a.contract_capacity_kva, 'usageClass', a.usage_class) order by a.effective_from)
        from agreement_timeline a
       where a.account_id = d.account_id
         and a.revision = (select max(r.revision) from agreement_timeline r where r.account_id = d.account_id and r.recorded_at <= s.recorded_at)
         and a.effective_from < d.period_end and coalesce(a.effective_to, 'infinity') > d.period_start), '[]'),
    'lastBill', (
      select jsonb_build_object('end', epoch_ms(b.period_end), 'tariff', b.tariff_code, 'ladderE4', b.ladder_energy_e4::text, 'closing', ${closingOf('b')})
        from bill b
       where b.account_id = d.account_id and b.period_start < d.period_start order by b.period_start desc limit 1),
    'opening', (
      select jsonb_build_object('asOf', epoch_ms(o.as_of), 'ladderE4', o.ladder_energy_e4::text, 'demands', coalesce((
               select jsonb_agg(jsonb_build_object('month', i.month, 'kwE4', i.demand_kw_e4::text) order by i.month)
                 from opening_item_in_force i where i.account_id = d.account_id and i.kind = 'demand' and i.as_of = o.as_of), '[]'))
        from opening_state o where o.account_id = d.account_id))
    || case when d.tariff_code = any(string_to_array(current_setting('shuangwu.curve_codes'), ','))
              or exists (select from determinant_quantity q where (q.set_id, q.account_id, q.quantity) = (d.set_id, d.account_id, 'interval_days')
                           and q.instead_of is not null)
            then jsonb_build_object('days', coalesce((${days}), '[]')) else '{}' end
    from determinant d join determinant_set s using (set_id)
   where d.set_id = current_setting('shuangwu.set_id')::bigint
     and d.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
     and d.tariff_code = any(string_to_array(current_setting('shuangwu.tariff_codes'), ','))
     and ${which} and ${notBilledBefore}
   order by d.account_id) to stdout (format binary)`

const rowTypes = ['int8', 'text', 'jsonb'] as const

/** All accounts under the tariffs, or those that `readPlainInputs` does not read. */
const copies = { all: inputsWhere('true'), others: inputsWhere(`not ${isPlain}`) } as const

/** Streams what accounts under these tariffs that a run bills are rated by, ordered by account, as the bytes of a binary COPY. */
export async function readComponentInputs(
  tx: Transaction,
  query: ComponentInputsQuery,
  which: keyof typeof copies,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  await askInSettings(tx, query, () => tx.copyOut(copies[which], (chunk) => chunks.push(chunk)))
  return joinChunks(chunks)
}

/** What is read of nobody. */
export function noComponentInputs(): Uint8Array<ArrayBuffer> {
  return joinChunks([...encodeCopy(rowTypes, [])])
}

export interface ComponentInputRow {
  readonly accountId: bigint
  readonly tariffCode: string
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
}

/** Hands over the rows of what `readComponentInputs` read, one after the other: with curves they are large. */
export function eachComponentInput(bytes: Uint8Array, take: (row: ComponentInputRow) => void): void {
  const decoder = createCopyDecoder(rowTypes, ([accountId, tariffCode, document]) => {
    take({ accountId: accountId ?? 0n, tariffCode: tariffCode ?? '', document: JSON.parse(document ?? 'null') })
  })
  decoder.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  decoder.end()
}
