import type { DemandSet } from '../../domain/demand.js'
import type { Clock } from '../../domain/runtime.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import type {
  CollectedDemand,
  CollectedSettlement,
  CollectedValue,
  ValueFrame,
} from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askCertainItem, askItem, type ItemAnswer, joinFrames, type SetMeter, type Unanswered } from './ask-item.js'
import { endsSet, type SetOutcome, type SetProblem, toProblem } from './set-outcome.js'
import type { SettlementDay, SetValue } from './set-value.js'
import { isClearOfSettlement, lastSettlement, settlementBefore } from './settlement-moment.js'
import { withYear } from './yearless-minute.js'

/** Identifiers of the set, by edition: settlement day 1, the registers and the demands of the last settlement event. */
export const monthlyItems = {
  '2007': {
    settlementDay: '04000B01',
    registers: ['0001FF01', '0002FF01', '00030001', '00040001', '00050001', '00060001', '00070001', '00080001'],
    demand: ['0101FF01'],
  },
  /** 94 and 95: last month. The value of a demand and its time are two items there. */
  '1997': {
    settlementDay: 'C117',
    registers: ['941F', '942F', '9510', '9520', '9530', '9540', '9550', '9560'],
    demand: ['A41F', 'B41F'],
  },
} as const satisfies Record<
  Edition,
  { readonly settlementDay: string; readonly registers: readonly string[]; readonly demand: readonly string[] }
>

/**
 * How the meter's settlement and the account's reading moment go together.
 * - `agrees`: the set is of the reading moment; energy and demand may be billed from it.
 * - `settlement_elsewhen`: the meter settles at another moment. Energy comes from the daily freeze of the reading moment; demand is held
 *   or derived by a rule of its own.
 * - `settlement_unused`: the meter has no settlement day 1; DI0 = 01 means nothing.
 * - `settlement_at_hand`: the set was read so near to a settlement that it may be of either; to be read again.
 * - `settlement_unknown`: the settlement day could not be read.
 */
export type SettlementFit =
  | 'agrees'
  | 'settlement_elsewhen'
  | 'settlement_unused'
  | 'settlement_at_hand'
  | 'settlement_unknown'

export interface MonthlySet extends SetOutcome {
  readonly fit: SettlementFit
  /** The settlement event that the values are filed under; null where there is none to name. */
  readonly settledAt: Instant | null
}

/**
 * Reads what the last settlement event of a meter left under DI0 = 01, with the settlement day that tells which event that is. The
 * running registers and demands (DI0 = 00) are never asked for: after the reset they would be those of another month.
 * @param readingMoment the account's reading moment that the set is wanted for.
 */
export async function readMonthlySet(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  readingMoment: Instant,
): Promise<MonthlySet> {
  const startedAt = clock.now()
  const items = monthlyItems[meter.edition]
  const day = await askItem(line, meter, items.settlementDay, 'settlement_day')
  if (!day.ok) return withoutValues('settlement_unknown', [toProblem(items.settlementDay, day.error)])
  const { settlementDay } = day.value.value
  if (settlementDay === null) return withoutValues('settlement_unused', [])
  if (!isClearOfSettlement(settlementDay, startedAt, startedAt)) return withoutValues('settlement_at_hand', [])
  const read = await readItems(line, meter, day.value.frame, settlementDay, lastSettlement(settlementDay, startedAt))
  if (!isClearOfSettlement(settlementDay, startedAt, clock.now())) return withoutValues('settlement_at_hand', [])
  const settledAt = lastSettlement(settlementDay, startedAt)
  return { ...read, settledAt, fit: settledAt === readingMoment ? 'agrees' : 'settlement_elsewhen' }
}

function withoutValues(fit: SettlementFit, problems: readonly SetProblem[]): MonthlySet {
  return { fit, settledAt: null, values: [], problems }
}

async function readItems(
  line: Dlt645Line,
  meter: SetMeter,
  dayFrame: ValueFrame,
  settlementDay: SettlementDay,
  settledAt: Instant,
): Promise<SetOutcome> {
  const values: CollectedValue[] = []
  const problems: SetProblem[] = []
  for (const dataIdentifier of monthlyItems[meter.edition].registers) {
    const answer = await askCertainItem(line, meter, dataIdentifier, 'registers')
    if (answer.ok) values.push(settlement(meter, dayFrame, settledAt, answer.value))
    else problems.push(toProblem(dataIdentifier, answer.error))
    if (!answer.ok && endsSet(answer.error.kind)) return { values, problems }
  }
  const demand = await readDemand(line, meter, settlementDay, settledAt)
  if (!demand.ok)
    return { values, problems: [...problems, toProblem(monthlyItems[meter.edition].demand[0], demand.error)] }
  const { quantity, demands, frames } = demand.value
  const evidence = { frame: joinFrames([dayFrame, ...frames]), slice: null }
  const collected: CollectedDemand = { kind: 'demand', meterId: meter.meterId, quantity, settledAt, demands, evidence }
  return { values: [...values, collected], problems }
}

/** The settlement day's reply comes first in the evidence: it dates the registers that follow it. */
function settlement(
  { meterId }: SetMeter,
  dayFrame: ValueFrame,
  settledAt: Instant,
  { value, frame }: ItemAnswer<Extract<SetValue, { readonly kind: 'registers' }>>,
): CollectedSettlement {
  const { quantity, registers } = value
  const evidence = { frame: joinFrames([dayFrame, frame]), slice: null }
  return { kind: 'settlement', meterId, quantity, settledAt, registers, evidence }
}

interface ReadDemand {
  readonly quantity: CollectedDemand['quantity']
  readonly demands: DemandSet
  readonly frames: readonly ValueFrame[]
}

/**
 * The demands, if each came about in the month that the settlement closed. One of another time shows that DI0 = 01 is not of that
 * settlement: the meter missed it, or its settlement day was changed since.
 */
async function readDemand(
  line: Dlt645Line,
  meter: SetMeter,
  settlementDay: SettlementDay,
  settledAt: Instant,
): Promise<Result<ReadDemand, Unanswered>> {
  const is2007 = meter.edition === '2007'
  const read = is2007 ? await demandIn2007(line, meter) : await demandIn1997(line, meter, settledAt)
  if (!read.ok) return read
  const { total, tou } = read.value.demands
  const from = settlementBefore(settlementDay, settledAt)
  const isInMonth = [total, ...tou].every(
    (each) => each === null || each.occurredAt === null || (each.occurredAt >= from && each.occurredAt <= settledAt),
  )
  if (isInMonth) return read
  const [first = null, ...more] = read.value.frames
  return err({ kind: 'invalid_value', frame: first === null ? null : joinFrames([first, ...more]) })
}

async function demandIn2007(line: Dlt645Line, meter: SetMeter): Promise<Result<ReadDemand, Unanswered>> {
  const answer = await askCertainItem(line, meter, monthlyItems['2007'].demand[0], 'demand')
  if (!answer.ok) return answer
  const { value, frame } = answer.value
  return ok({ quantity: value.quantity, demands: value.demands, frames: [frame] })
}

async function demandIn1997(
  line: Dlt645Line,
  meter: SetMeter,
  settledAt: Instant,
): Promise<Result<ReadDemand, Unanswered>> {
  const [valueItem, timeItem] = monthlyItems['1997'].demand
  const values = await askCertainItem(line, meter, valueItem, 'demand_values')
  if (!values.ok) return values
  const times = await askCertainItem(line, meter, timeItem, 'demand_times')
  if (!times.ok) return times
  const { quantity, valuesE4 } = values.value.value
  const demandAt = (index: number) => {
    const valueE4 = valuesE4[index] ?? null
    const time = times.value.value.times[index] ?? null
    return valueE4 === null ? null : { valueE4, occurredAt: time === null ? null : withYear(time, settledAt) }
  }
  const total = demandAt(0)
  if (total === null) return err({ kind: 'value_absent', frame: values.value.frame })
  const tou = [demandAt(1), demandAt(2), demandAt(3), demandAt(4)] as const
  return ok({ quantity, demands: { total, tou }, frames: [values.value.frame, times.value.frame] })
}
