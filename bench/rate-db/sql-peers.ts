import type { Database, Transaction } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { secondsOf } from '../bench-report.js'
import { pointsPerDay, slotPricesE8, touProgram } from '../rate-kernel/interval-case.js'
import { monthEnd, monthStart, tariffCode } from './month-case.js'

/** Ways to rate a month in SQL, each in one statement of `numeric`: what each meter used by slot, and Σ energy × price of its point. */
type Plans = Readonly<Record<string, string>>

const slots = [0, 1, 2, 3] as const
const bySlot = (value: string): string =>
  slots.map((slot) => `sum(${value}) filter (where slot = ${slot})::numeric as s${slot}`).join(', ')

export const rowPlans: Plans = {
  'rows, sums by slot': `
    select meter_id, ${bySlot('value_e4')}, sum(value_e4 * price) as spot
      from peer_reading join peer_point using (slot_start) where meter_id <= $meters group by meter_id`,
  'rows, grouped by slot first': `
    select meter_id, ${slots.map((slot) => `sum(e4) filter (where slot = ${slot}) as s${slot}`).join(', ')}, sum(spot) as spot
      from (select meter_id, slot, sum(value_e4)::numeric as e4, sum(value_e4 * price) as spot
              from peer_reading join peer_point using (slot_start) where meter_id <= $meters group by meter_id, slot) g
     group by meter_id`,
}

const slotOf = touProgram().dayTypes[0]?.slotOf ?? new Uint8Array(pointsPerDay)
const points = Array.from({ length: pointsPerDay }, (_, point) => point)
const writtenOut = (slot: number): string =>
  points
    .filter((point) => slotOf[point] === slot)
    .map((point) => `values_e4[${point + 1}]::numeric`)
    .join(' + ')

export const arrayPlans: Plans = {
  'arrays, unnested and summed': `
    select meter_id, ${bySlot('value_e4')}, sum(value_e4 * price) as spot
      from peer_interval_day join peer_day using (day_start)
     cross join lateral unnest(values_e4, slots, prices) v (value_e4, slot, price) where meter_id <= $meters group by meter_id`,
  'arrays, a sum for each day first': `
    select meter_id, ${slots.map((slot) => `sum(d.s${slot}) as s${slot}`).join(', ')}, sum(d.spot) as spot
      from peer_interval_day join peer_day using (day_start)
     cross join lateral (select ${bySlot('value_e4')}, sum(value_e4 * price) as spot
                           from unnest(values_e4, slots, prices) v (value_e4, slot, price)) d
     where meter_id <= $meters group by meter_id`,
  'arrays, every element written out': `
    select meter_id, ${slots.map((slot) => `sum(${writtenOut(slot)}) as s${slot}`).join(', ')},
           sum(${points.map((point) => `values_e4[${point + 1}] * prices[${point + 1}]`).join(' + ')}) as spot
      from peer_interval_day join peer_day using (day_start) where meter_id <= $meters group by meter_id`,
}

const [from, to] = [`'${toTimestamptz(monthStart)}'::timestamptz`, `'${toTimestamptz(monthEnd)}'::timestamptz`]
const [sharp, peak, flat, valley] = slotPricesE8
const pricesE8 = [sharp, peak, valley, flat, 0]

/** The lines of each account: a line for each slot that was used, and one for the prices by point; rounded half away from zero. */
const lined = `
  with quantities as (
    select d.account_id, d.multipliers[1] * u.s0 as q0, d.multipliers[1] * u.s1 as q1, d.multipliers[1] * u.s2 as q2, d.multipliers[1] * u.s3 as q3,
           round(d.multipliers[1] * u.spot / 100) as spot_fen
      from peer_used u join determinant d on d.set_id = 1 and d.account_id = u.meter_id),
  charged as (
    select account_id, q0 + q1 + q2 + q3 as energy,
           array[q0, q1, q2, q3, q0 + q1 + q2 + q3]::bigint[] as quantities,
           array[${slots.map((slot) => `round(q${slot} * ${(pricesE8[slot] ?? 0) / 1e8} / 100)`).join(', ')}, spot_fen]::bigint[] as fen
      from quantities),
  kept as (
    select c.account_id, c.energy, k.* from charged c cross join lateral (
      select array_agg((n > 4)::integer::smallint order by n) as components, array_agg(((n - 1) % 4)::smallint order by n) as slots,
             array_agg(quantities[n] order by n) as quantities, array_agg((array[${pricesE8.join(',')}]::bigint[])[n] order by n) as prices,
             array_agg(fen[n] order by n) as fen, sum(fen[n])::bigint as amount
        from generate_series(1, 5) n where quantities[n] <> 0) k)
  insert into peer_interval_charge
  select 1, account_id, '${tariffCode}', 1, ${from}, ${to}, energy::bigint, amount, components, slots, quantities, prices, fen,
         sha256(convert_to(concat_ws(',', components, slots, quantities, prices, fen), 'utf8')) from kept`

/** The statements of a plan for the meters up to `meters`, in order. A statement that writes a table as it selects may use parallel workers. */
export function statementsOf(plan: string, meters: number): readonly string[] {
  return [
    `create unlogged table peer_used as ${plan.replaceAll('$meters', String(meters))}`,
    lined,
    'drop table peer_used',
  ]
}

/** Seconds of a plan in one transaction, the table of lines empty before. */
export async function secondsOfPlan(owner: Database, plan: string, meters: number): Promise<number> {
  await owner.execute('truncate peer_interval_charge')
  return secondsOf(() =>
    owner.transaction(async (tx: Transaction) => {
      for (const statement of statementsOf(plan, meters)) await tx.execute(statement)
    }),
  )
}

/** Rows that the last plan and ours do not have in common among the accounts up to `meters`; the digest of lines is each side's own. */
export async function differingRows(owner: Database, meters: number): Promise<number> {
  const columns = `account_id, tariff_code, tariff_version, period_start, period_end, energy_e4, amount_fen, line_component, line_slot,
    line_quantity_e4, line_price_e8, line_fen`
  const ours = `select ${columns} from interval_charge where account_id <= ${meters}`
  const theirs = `select ${columns} from peer_interval_charge`
  let differing = 0n
  for (const [one, other] of [
    [ours, theirs],
    [theirs, ours],
  ]) {
    const [row] = await owner.query<{ readonly count: bigint }>(`select count(*) from (${one} except ${other}) d`)
    differing += row?.count ?? 0n
  }
  return Number(differing)
}
