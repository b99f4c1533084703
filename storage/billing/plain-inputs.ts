import { type CopiedFields, createCopyReader } from '../copy-fields.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { createGathering } from '../join-chunks.js'
import { notBilledBefore } from './already-billed.js'
import { askInSettings, type ComponentInputsQuery, inShard } from './component-inputs-query.js'

/** The segment of what is agreed with account `d`, as known when its determinants were frozen, that holds all of its period. */
const agreementOfPeriod = `agreement_timeline a
       where a.account_id = d.account_id and ${inShard('a.account_id')}
         and a.revision = (select max(r.revision) from agreement_timeline r where r.account_id = d.account_id and r.recorded_at <= s.recorded_at)
         and a.effective_from <= d.period_start and coalesce(a.effective_to, 'infinity') >= d.period_end`

const isPlainBeside = `d.settlement_kind = 'regular'
     and not d.tariff_code = any(string_to_array(current_setting('shuangwu.curve_codes'), ','))
     and not exists (select from determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id))
     and (exists (select from bill l where l.account_id = d.account_id and l.period_start < d.period_start)
          or not exists (select from opening_item_in_force i
                          where i.account_id = d.account_id and ${inShard('i.account_id')} and i.kind = 'demand'))`

/**
 * Whether account `d` of set `s` is plain: a regular period, of which nothing but the registers' energies is known, under one agreement and a
 * tariff that asks for no curves; and no demands of the old books where its first bill begins.
 */
export const isPlain = `(exists (select from ${agreementOfPeriod}) and ${isPlainBeside})`

// The last bill is the one that a usage names; agreements of a revision do not overlap.
const inputs = `copy (
  select d.account_id, t.document::text, a.effective_from, a.effective_to, a.contract_capacity_kva, a.usage_class, b.tariff_code, b.closing::text
    from determinant d join determinant_set s using (set_id)
    left join lateral (select document from account_terms t
      where t.account_id = d.account_id and t.recorded_at <= s.recorded_at order by t.revision desc limit 1) t on true
   cross join lateral (select a.effective_from, a.effective_to, a.contract_capacity_kva, a.usage_class from ${agreementOfPeriod}) a
    left join lateral (select l.tariff_code, c.closing from bill l left join component_bill c using (segment_id, ordinal)
      where l.account_id = d.account_id and l.period_start < d.period_start order by l.period_start desc limit 1) b on true
   where d.set_id = current_setting('shuangwu.set_id')::bigint and ${inShard('d.account_id')}
     and d.tariff_code = any(string_to_array(current_setting('shuangwu.tariff_codes'), ','))
     and ${isPlainBeside} and ${notBilledBefore}
   order by d.account_id) to stdout (format binary)`
const fieldCount = 8

/** A row has about 60 bytes, and some 60 for each month of history. */
const roomyRowBytes = 768

/**
 * Streams what plain accounts under tariffs of components are rated by beside their usages, ordered by account, as the bytes of a binary COPY.
 * `readComponentInputs` reads what the others are.
 */
export async function readPlainInputs(
  tx: Transaction,
  query: ComponentInputsQuery,
  expectedAccounts: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const gathering = createGathering(roomyRowBytes * (expectedAccounts + 1))
  await askInSettings(tx, query, () => tx.copyOut(inputs, gathering.take, 'passing'))
  return gathering.bytes()
}

/** The row at hand; texts are JSON as the database writes it. It is one object for all rows. */
export interface PlainInput {
  readonly accountId: number
  readonly terms: string | null
  readonly agreement: {
    readonly from: Instant
    readonly to: Instant | null
    readonly capacityKva: number | null
    readonly usageClass: string | null
  }
  /** Tariff of the last bill; null where there is none. */
  readonly lastTariff: string | null
  /** That bill's closing state; null where it was not under components. */
  readonly closing: string | null
}

/** Hands over the rows of what `readPlainInputs` read, one after the other. */
export function eachPlainInput(bytes: Uint8Array, take: (row: PlainInput) => void): void {
  const reader = createCopyReader(fieldCount, (fields) => take(toPlainInput(fields)))
  reader.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  reader.end()
}

function toPlainInput(fields: CopiedFields): PlainInput {
  const text = (place: number) => (fields.isNull(place) ? null : fields.text(place))
  return {
    accountId: fields.whole(0),
    terms: text(1),
    agreement: {
      from: fields.instant(2),
      to: fields.isNull(3) ? null : fields.instant(3),
      capacityKva: fields.isNull(4) ? null : fields.int4(4),
      usageClass: text(5),
    },
    lastTariff: text(6),
    closing: fields.isNull(7) ? null : fields.ownText(7),
  }
}
