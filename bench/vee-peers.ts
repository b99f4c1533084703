import { groupBy } from '../domain/group-by.js'
import { readingSources } from '../domain/reading.js'
import { dayMs } from '../domain/time.js'
import { defaultValidationPolicy } from '../mdm/validation/built-in-policy.js'
import { decideChain } from '../mdm/validation/decide.js'
import type { Database, Transaction } from '../storage/database.js'
import { insertDecisions } from '../storage/mdm/validation.js'
import { toReadingSource } from '../storage/reading-source.js'
import { fromRegisters, type RegisterColumns, toRegisters } from '../storage/register-columns.js'
import { toTimestamptz } from '../storage/type-parsers.js'
import { secondsOf } from './bench-report.js'
import { historyDays, veeMidnight } from './vee-fill.js'

type Row = RegisterColumns & { readonly meter_id: bigint; readonly read_at: number; readonly source: number }

class RolledBack extends Error {}

/** What an act takes in a transaction of which nothing stays. */
async function secondsRolledBack(database: Database, act: (tx: Transaction) => Promise<unknown>): Promise<number> {
  let seconds = Number.NaN
  const run = database.transaction(async (tx) => {
    seconds = await secondsOf(() => act(tx))
    throw new RolledBack()
  })
  await run.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error
  })
  return seconds
}

const metersPerTransaction = 20_000
const registerColumns = 'meter_id, read_at, source, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4'

/**
 * Meters 1…`meters` by result sets, an index look-up for each baseline, and JSON: how validation worked before, with the claims and the
 * last value alone, without history and neighbours.
 */
export async function rowWise(database: Database, meters: number): Promise<number> {
  let seconds = 0
  for (let first = 1; first <= meters; first += metersPerTransaction)
    seconds += await secondsRolledBack(database, (tx) =>
      decideRows(tx, first, Math.min(first + metersPerTransaction - 1, meters)),
    )
  return seconds
}

async function decideRows(tx: Transaction, first: number, last: number): Promise<void> {
  const claims = await tx.query<Row>(
    `select ${registerColumns} from reading_claims where meter_id between $1 and $2 and read_at = $3`,
    [first, last, toTimestamptz(veeMidnight)],
  )
  const baselines = await tx.query<Row>(
    `select v.* from generate_series($1::bigint, $2::bigint) s cross join lateral (
       select ${registerColumns} from validation_decision d
        where d.meter_id = s and d.quantity = 1 and d.read_at < $3 and d.verdict = 'accepted'
          and not exists (select from validation_decision n
                           where (n.meter_id, n.quantity, n.read_at) = (d.meter_id, d.quantity, d.read_at) and n.revision > d.revision)
        order by d.read_at desc limit 1) v`,
    [first, last, toTimestamptz(veeMidnight)],
  )
  const before = new Map(baselines.map((row) => [row.meter_id, { readAt: row.read_at, registers: toRegisters(row) }]))
  const rows = [...groupBy(claims, (row) => row.meter_id)].flatMap(([meterId, group]) => {
    const meter = { meterId, model: 'dlt645', registerDigits: 6, registerDecimals: 2 }
    const said = group.map((row) => ({ registers: toRegisters(row), source: toReadingSource(row.source) }))
    const key = { readAt: veeMidnight, claims: said, dueAt: null }
    return decideChain(meter, [key], before.get(meterId) ?? null, defaultValidationPolicy).map((decision) => ({
      meter_id: meterId,
      quantity: 1,
      read_at: decision.readAt,
      revision: 9,
      verdict: decision.verdict,
      ...(decision.value === null
        ? {}
        : { ...fromRegisters(decision.value.registers), source: readingSources[decision.value.source] }),
      rules: decision.rules,
      reason: decision.reason,
      recorded_at: veeMidnight,
    }))
  })
  await insertDecisions(tx, rows)
}

/** Meters 1…`meters` in one statement with window functions: disputed, decrease, physical limit, tariff sum, and jump against the median. */
export async function oneStatement(database: Database, meters: number): Promise<number> {
  const parameters = [meters, toTimestamptz(veeMidnight - historyDays * dayMs), toTimestamptz(veeMidnight)]
  return secondsRolledBack(database, (tx) =>
    tx.execute(
      `with past as (
         select meter_id, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4,
                total_e4 - lag(total_e4) over (partition by meter_id order by read_at) as usage_e4,
                row_number() over (partition by meter_id order by read_at desc) as back
           from validation_decision
          where meter_id <= $1 and quantity = 1 and read_at >= $2 and read_at < $3 and verdict = 'accepted'),
       usual as (
         select meter_id, percentile_disc(0.5) within group (order by usage_e4) as median_e4, max(usage_e4) as most_e4 from past group by meter_id),
       claim as (
         select *, count(*) over (partition by meter_id) as said, row_number() over (partition by meter_id order by source, total_e4) as trust
           from reading_claims where meter_id <= $1 and quantity = 1 and read_at = $3),
       judged as (
         select c.*, array_remove(array[
                  case when c.said > 1 then 'disputed' end,
                  case when least(c.total_e4 - p.total_e4, c.tou1_e4 - p.tou1_e4, c.tou2_e4 - p.tou2_e4, c.tou3_e4 - p.tou3_e4, c.tou4_e4 - p.tou4_e4) < 0 then 'decrease' end,
                  case when c.total_e4 - p.total_e4 > 66 * 24 * 10000 then 'spike' end,
                  case when abs(c.total_e4 - c.tou1_e4 - c.tou2_e4 - c.tou3_e4 - c.tou4_e4) > 400 then 'tariff_sum' end], null) as holds,
                case when c.total_e4 - p.total_e4 > greatest(4 * u.median_e4, u.most_e4, 300000) then 'jump' end as flag
           from claim c left join past p on p.meter_id = c.meter_id and p.back = 1 left join usual u on u.meter_id = c.meter_id
          where c.trust = 1)
       insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, rules, reason, recorded_at)
       select meter_id, quantity, read_at, 9, case when holds = '{}' then 'accepted' else 'held' end,
              case when holds = '{}' then total_e4 end, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, array_remove(holds || flag, null), '', $3
         from judged`,
      parameters,
    ),
  )
}
