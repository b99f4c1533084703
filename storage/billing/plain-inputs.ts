import { type CopiedFields, createCopyReader } from '../copy-fields.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { createGathering } from '../join-chunks.js'
import { notBilledBefore } from './already-billed.js'
import { askInSettings, closingOf, type ComponentInputsQuery, inShard } from './component-inputs-query.js'

/** The segment of what is agreed with account `d`, as known when its determinants were frozen, that holds all of its period. */
const agreementOfPeriod = `agreement_timeline a
       where a.account_id = d.account_id and ${inShard('a.account_id')}
         and a.revision = (select max(r.revision) from agreement_timeline r where r.account_id = d.account_id and r.recorded_at <= s.recorded_at)
         and a.effective_from <= d.period_start and coalesce(a.effective_to, 'infinity') >= d.period_end`

/** Quantity `q` of account `d` that is the energies of its registers once more. */
const isEnergyAgain = `q.quantity = 'active_energy' and q.unit = 'kWh'
       and (q.total_e4, q.tou1_e4, q.tou2_e4, q.tou3_e4, q.tou4_e4) = (d.energy_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4)`

/** Quantity `q` that says of interval days beside the registers how much they come to, or why that is not known. */
const isDaysBeside = `q.quantity = 'interval_days' and q.unit = 'kWh' and q.instead_of is null
       and coalesce(q.tou1_e4, q.tou2_e4, q.tou3_e4, q.tou4_e4) is null`

/** Whether a row says all of quantity `q`: of a meter that stores curves there are these two. */
const isInRow = `(q.other_point_id = d.usage_point_id and (${isEnergyAgain} or ${isDaysBeside})) is true`

// Asked for each account by its key: of what a freeze has just written the planner knows nothing.
const furtherOfAccount = 'determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id)'

const isRegular = `d.settlement_kind = 'regular' and not d.tariff_code = any(string_to_array(current_setting('shuangwu.curve_codes'), ','))`

const beginsWithoutDemands = `(exists (select from bill l where l.account_id = d.account_id and l.period_start < d.period_start)
          or not exists (select from opening_item_in_force i
                          where i.account_id = d.account_id and ${inShard('i.account_id')} and i.kind = 'demand'))`

/**
 * Whether account `d` of set `s` is plain: a regular period, of which nothing is known beside the registers' energies but these once more and
 * interval days that do not stand in for them, under one agreement and a tariff that asks for no curves; and no demands of the old books
 * where its first bill begins.
 */
export const isPlain = `(exists (select from ${agreementOfPeriod}) and ${isRegular}
     and (select bool_and(${isInRow}) from ${furtherOfAccount}) is not false and ${beginsWithoutDemands})`

// The last bill is the one that a usage names; agreements of a revision do not overlap.
const inputs = `copy (
  select d.account_id, t.document::text, a.effective_from, a.effective_to, a.contract_capacity_kva, a.usage_class, b.tariff_code, b.closing::text,
         coalesce(f.again, false), f.days_e4, f.days_missing
    from determinant d join determinant_set s using (set_id)
    left join lateral (select document from account_terms t
      where t.account_id = d.account_id and t.recorded_at <= s.recorded_at order by t.revision desc limit 1) t on true
   cross join lateral (select a.effective_from, a.effective_to, a.contract_capacity_kva, a.usage_class from ${agreementOfPeriod}) a
    left join lateral (select l.tariff_code, ${closingOf('l')} as closing from bill l
      where l.account_id = d.account_id and l.period_start < d.period_start order by l.period_start desc limit 1) b on true
   cross join lateral (select bool_and(${isInRow}) as is_in_row, bool_or(q.quantity = 'active_energy') as again,
                              max(q.total_e4) filter (where q.quantity = 'interval_days') as days_e4,
                              max(q.missing) filter (where q.quantity = 'interval_days') as days_missing
                         from ${furtherOfAccount}) f
   where d.set_id = current_setting('shuangwu.set_id')::bigint and ${inShard('d.account_id')}
     and d.tariff_code = any(string_to_array(current_setting('shuangwu.tariff_codes'), ','))
     and ${isRegular} and f.is_in_row is not false and ${beginsWithoutDemands} and ${notBilledBefore}
   order by d.account_id) to stdout (format binary)`
const fieldCount = 11

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

/** Of how many accounts `readPlainInputs` read. */
export function countPlainInputs(bytes: Uint8Array): number {
  let count = 0
  readRows(bytes, () => count++)
  return count
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
  /** Whether the energies of the registers were frozen once more, as `active_energy`. */
  readonly hasActiveEnergy: boolean
  /** What interval days of its meters come to, kWh e4, or why that is not known; null without any. */
  readonly intervalDays: { readonly totalE4: bigint | null; readonly missing: string | null } | null
}

/** Hands over the rows of what `readPlainInputs` read, one after the other. */
export function eachPlainInput(bytes: Uint8Array, take: (row: PlainInput) => void): void {
  readRows(bytes, (fields) => take(toPlainInput(fields)))
}

function readRows(bytes: Uint8Array, take: (fields: CopiedFields) => void): void {
  const reader = createCopyReader(fieldCount, take)
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
    hasActiveEnergy: fields.bool(8),
    intervalDays: daysOf(fields),
  }
}

function daysOf(fields: CopiedFields): PlainInput['intervalDays'] {
  if (fields.isNull(9)) return fields.isNull(10) ? null : { totalE4: null, missing: fields.text(10) }
  return { totalE4: fields.int8(9), missing: null }
}
