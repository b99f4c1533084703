import { add, formatRational, largest, type Rational, sum } from '../../domain/rational.js'
import { rememberEach } from '../../domain/remember.js'
import { localMinute } from '../../domain/time.js'
import { demandNames, type DemandOperation } from '../tariffs/components/demand-names.js'
import { slotDaysOf } from './ask-quantity.js'
import type { Frame } from './context.js'
import { refuse } from './refusal.js'
import { reportPart } from './report-part.js'
import { type CountedWindow, countedWindows, demandByDay, demandOf } from './usage/demand.js'
import type { Span } from './usage/local-time.js'
import type { Parcel } from './usage/parcels.js'
import { slotParcels } from './usage/slot-parcels.js'

export const demandsOf = rememberEach(demandNames)

/**
 * Demand from intervals in a frame, in one slot or in all. The demand of each day adds up as time goes by, so a part of the period has that
 * of its own days; any other is one of the whole period.
 */
export function meteredDemand(rule: DemandOperation, frame: Frame): Rational {
  const { context } = frame
  const slot = rule.slot ?? frame.slot
  const name = demandsOf(frame.segment.version).nameOf(rule)
  const isSum = rule.take === 'sum_of_days'
  const span = timeOf(rule, frame)
  const windows = windowsOf(rule, frame)
  const demand = isSum ? sum(windows.map(({ power }) => power)) : demandOf(windows)
  noteDemand(rule, { name, slot, windows, demand }, frame)
  reportPart(context, { name, slot, span, value: demand, demand: isSum ? 'sum' : 'level' })
  const earlier = earlierOf(name, slot, frame)
  if (earlier === null) return demand
  if (typeof rule.take === 'object')
    return refuse(
      'demand_without_intervals',
      frame.path,
      'the mean of the highest windows of a month needs all its settlements in one period',
    )
  if (!isSum) return largest(demand, earlier)
  return span.from === context.span.from ? add(demand, earlier) : demand
}

/**
 * The highest of each local day of a frame, for blocks over the demand of a day. What earlier settlements of the month had is known as a sum
 * only: `demand_without_intervals`.
 */
export function demandOfDays(rule: DemandOperation, frame: Frame): readonly Parcel[] {
  const slot = rule.slot ?? frame.slot
  return demandByDay(frame.context.calendar, windowsOf(rule, frame), timeOf(rule, frame)).map((day) => ({
    ...day,
    slot,
  }))
}

/** As above, where the blocks of each day are asked for. */
export function bandedDays(rule: DemandOperation, frame: Frame): readonly Parcel[] {
  const name = demandsOf(frame.segment.version).nameOf(rule)
  if (earlierOf(name, rule.slot ?? frame.slot, frame) !== null)
    return refuse(
      'demand_without_intervals',
      frame.path,
      'blocks over the demand of each day of a month need all its settlements in one period',
    )
  return demandOfDays(rule, frame)
}

function windowsOf(rule: DemandOperation, frame: Frame): readonly CountedWindow[] {
  return countedWindows(frame.context.calendar, askedParcels(rule, frame), timeOf(rule, frame), rule, frame.path)
}

interface Noted {
  readonly name: string
  readonly slot: string | null
  readonly windows: readonly CountedWindow[]
  readonly demand: Rational
}

function noteDemand({ minutes, window }: DemandOperation, noted: Noted, { context }: Frame): void {
  const { name, slot, windows, demand } = noted
  context.note?.(
    'demand',
    {
      name,
      ...(slot === null ? {} : { slot }),
      windows: `${window} ${minutes} min`,
      ends: windows
        .map(({ end, power }) => `${localMinute(context.calendar, end)} ${formatRational(power)}`)
        .join(', '),
    },
    demand,
  )
}

function timeOf({ take }: DemandOperation, { over, span, context }: Frame): Span {
  return take === 'sum_of_days' && over === 'segment' ? span : context.span
}

/** What earlier settlements of the month had, where it is asked for the whole month. */
function earlierOf(name: string, slot: string | null, { wholeMonth, context }: Frame): Rational | null {
  const isLater = wholeMonth && context.period.settlement.number > 1
  return isLater ? context.history.quantity(name, slot, context.month) : null
}

function askedParcels(rule: DemandOperation, frame: Frame): readonly Parcel[] {
  const { context } = frame
  const parcels = context.metered.get(rule.of)
  const quantity = context.quantities.get(rule.of)
  if (parcels === undefined || quantity === undefined)
    return refuse('demand_without_intervals', frame.path, `demand needs ${rule.of} as intervals`)
  const slot = rule.slot ?? frame.slot
  if (slot === null) return parcels
  const first = parcels[0]?.from ?? context.span.from
  const span: Span = { from: Math.min(first, context.span.from), to: context.span.to }
  const before = parcels.filter(({ from }) => from < span.to)
  const { straddling } = frame.segment.version
  return slotParcels(rule.of, quantity, before, span, slotDaysOf(frame, slot), straddling).filter(
    (parcel) => parcel.slot === slot,
  )
}
