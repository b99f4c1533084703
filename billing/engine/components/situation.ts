import { calendarFor, type Instant } from '../../../domain/time.js'
import { createCounters } from '../../rating/counters.js'
import type { Frame, PeriodContext, Segment } from '../../rating/context.js'
import { createHistory } from '../../rating/history.js'
import { frameOfPeriod } from '../../rating/rate-component.js'
import { layVersions, segmentsOf } from '../../rating/segments.js'
import { createEquipment } from '../../rating/usage/equipment.js'
import { createFacts } from '../../rating/usage/facts.js'
import type { UsageDocument } from '../../rating/usage/usage-schema.js'
import { instantText } from '../../by-account/instant-text.js'
import { noState } from '../../by-account/to-usage.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'

/** What the accounts that one program rates have in common. */
export interface Situation {
  readonly zone: string
  readonly start: Instant
  readonly end: Instant
  readonly facts: UsageDocument['facts']
}

/**
 * The period of an account of whom nothing but this is known, where the readable rules can be asked for prices, bounds and conditions. Whatever
 * asks for a quantity is refused there. @throws Refusal
 */
export function segmentsIn(tariff: ComponentTariff, { zone, start, end }: Situation): readonly Segment[] {
  const span = { from: start, to: end }
  return segmentsOf(span, layVersions(calendarFor(zone), tariff, { specialDays: [] }), 'usage.periods.0')
}

/** A frame that is the whole period; `inUseFrom` decides how many months a ladder has. */
export function situationFrame(
  tariff: ComponentTariff,
  segment: Segment,
  { zone, start, end, facts }: Situation,
  inUseFrom: string,
): Frame {
  const calendar = calendarFor(zone)
  const { version } = segment
  const usage: UsageDocument = {
    format: 'usage/1',
    zone,
    inUseFrom,
    facts,
    equipment: [],
    specialDays: [],
    quantities: [],
    series: [],
    opening: noState,
    periods: [],
  }
  const context: PeriodContext = {
    calendar,
    usage,
    period: {
      start: instantText(calendar, start),
      end: instantText(calendar, end),
      settlement: { number: 1, last: true },
      kind: 'regular',
      quantities: [],
      correctionFactors: [],
      demands: [],
      losses: [],
      relations: [],
      adjustments: [],
    },
    span: { from: start, to: end },
    month: calendar.dateAt(end - 1).slice(0, 7),
    version,
    quantities: new Map(),
    metered: new Map(),
    facts: createFacts(calendar, facts),
    equipment: createEquipment(calendar, []),
    history: createHistory(noState),
    counters: createCounters(noState),
    mayBeNegative: tariff.mayBeNegative === true,
    explained: false,
    currency: tariff.currency.code,
    components: version.components,
    chargedBefore: new Map(),
    lines: [],
    derived: new Map(),
  }
  return { ...frameOfPeriod(context, segment, segment.path), over: 'segment', at: start }
}
