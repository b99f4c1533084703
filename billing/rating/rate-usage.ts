import { compare } from '../../domain/rational.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { type Calendar, calendarOf } from '../../domain/time.js'
import type { Component } from '../tariffs/components/component-schema.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { Bill } from './bill.js'
import { toBillPeriod } from './close-period.js'
import type { PeriodContext, Segment } from './context.js'
import { type Counters, createCounters } from './counters.js'
import { evaluate } from './evaluate.js'
import { createHistory, type History } from './history.js'
import { localMessage } from './local-message.js'
import { addMonths } from './months.js'
import { createNotes } from './notes.js'
import { frameOfPeriod, rateComponent } from './rate-component.js'
import { Refusal, type RefusalKind, refuse } from './refusal.js'
import { type LaidVersion, layVersions, segmentsOf } from './segments.js'
import { createEquipment, type Equipment } from './usage/equipment.js'
import { createFacts, type Facts } from './usage/facts.js'
import { createIntervalReader, type IntervalReader } from './usage/interval-quantity.js'
import { instantOf, type Span } from './usage/local-time.js'
import type { Parcel } from './usage/parcels.js'
import { quantitiesOf } from './usage/quantities.js'
import { refuseSlotsWithoutTime } from './usage/slot-without-time.js'
import type { IntervalsEntry, UsageDocument, UsagePeriod } from './usage/usage-schema.js'

export interface RatingProblem {
  readonly kind: RefusalKind
  /** Place in one of the two files: `tariff.versions.0.…`, `usage.periods.0.…`. */
  readonly path: string
  readonly message: string
}

export interface RatingAsked {
  /** With the steps by which each line came about. */
  readonly explained?: boolean
}

/**
 * Rates one account, period after period, in exact numbers: the readable truth of every rule. Nothing is rounded but where the version says
 * so; the same documents give the same bill. What belongs to a version is read and laid out once, as long as the same document is rated by.
 */
export function rateUsage(
  tariff: ComponentTariff,
  usage: UsageDocument,
  { explained = false }: RatingAsked = {},
): Result<Bill, RatingProblem> {
  try {
    return ok(rate(tariff, usage, explained))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const calendar = calendarOf(usage.zone)
    const message = calendar === null ? error.message : localMessage(error.message, calendar)
    return err({ kind: error.kind, path: error.path, message })
  }
}

interface Account {
  readonly calendar: Calendar
  readonly intervalsOf: IntervalReader
  readonly tariff: ComponentTariff
  readonly usage: UsageDocument
  readonly versions: readonly LaidVersion[]
  readonly spans: readonly Span[]
  readonly facts: Facts
  readonly equipment: Equipment
  readonly metered: ReadonlyMap<string, readonly Parcel[]>
  readonly counters: Counters
  readonly history: History
  readonly explained: boolean
}

function rate(tariff: ComponentTariff, usage: UsageDocument, explained: boolean): Bill {
  const calendar = calendarOf(usage.zone) ?? refuse('zone_unknown', 'usage.zone', `no zone is ${usage.zone}`)
  const intervalsOf = createIntervalReader(calendar)
  const account: Account = {
    calendar,
    intervalsOf,
    tariff,
    usage,
    versions: layVersions(calendar, tariff, usage),
    spans: spansOf(calendar, usage),
    facts: createFacts(calendar, usage.facts),
    equipment: createEquipment(calendar, usage.equipment),
    metered: meteredIntervals(intervalsOf, usage),
    counters: createCounters(usage.opening),
    history: createHistory(usage.opening),
    explained,
  }
  const periods = usage.periods.map((period, index) => {
    const context = ratePeriod(account, period, index)
    return toBillPeriod(context, tariff)
  })
  return { format: 'bill/1', tariff: tariff.code, currency: tariff.currency.code, zone: usage.zone, periods }
}

/** Years in which a period lies. The calendar of what comes before or after has other rules, and its days other texts. */
const years = { from: '1900-01-01', to: '2999-12-31' } as const

function spansOf(calendar: Calendar, { periods }: UsageDocument): readonly Span[] {
  const instantIn = (text: string, path: string) =>
    years.from <= text && text.slice(0, 10) <= years.to
      ? instantOf(calendar, text, path)
      : refuse('time_does_not_exist', path, `a period lies between ${years.from} and ${years.to}, not at ${text}`)
  const spans = periods.map(({ start, end }, index) => ({
    from: instantIn(start, `usage.periods.${index}.start`),
    to: instantIn(end, `usage.periods.${index}.end`),
  }))
  for (const [index, { from, to }] of spans.entries()) {
    if (from >= to) refuse('periods_out_of_order', `usage.periods.${index}.end`, 'a period ends after it starts')
    if (from < (spans[index - 1]?.to ?? from))
      refuse(
        'periods_out_of_order',
        `usage.periods.${index}.start`,
        'the period starts before the one before has ended',
      )
  }
  return spans
}

/** Intervals of all entries by name, in order of time; what two entries say of one interval has to agree. `intervals_overlap`. */
function meteredIntervals(intervalsOf: IntervalReader, usage: UsageDocument): ReadonlyMap<string, readonly Parcel[]> {
  const entries: readonly { readonly entry: IntervalsEntry; readonly path: string }[] = [
    ...usage.quantities.map((entry, index) => ({ entry, path: `usage.quantities.${index}` })),
    ...usage.periods.flatMap(({ quantities }, period) =>
      quantities.flatMap((entry, index) =>
        'intervals' in entry ? [{ entry, path: `usage.periods.${period}.quantities.${index}` }] : [],
      ),
    ),
  ]
  const [only] = entries
  if (only !== undefined && entries.length === 1)
    return new Map([[only.entry.name, intervalsOf(only.entry, only.path)]])
  const found = new Map<string, Map<number, Parcel>>()
  for (const { entry, path } of entries) {
    const ofName = found.get(entry.name) ?? new Map<number, Parcel>()
    found.set(entry.name, ofName)
    for (const parcel of intervalsOf(entry, path)) {
      const before = ofName.get(parcel.from)
      if (before !== undefined && (before.to !== parcel.to || compare(before.value, parcel.value) !== 0))
        refuse('intervals_overlap', path, `${entry.name} has two values at ${new Date(parcel.from).toISOString()}`)
      ofName.set(parcel.from, parcel)
    }
  }
  return new Map([...found].map(([name, parcels]) => [name, [...parcels.values()].sort((a, b) => a.from - b.from)]))
}

function ratePeriod(account: Account, period: UsagePeriod, index: number): PeriodContext {
  const { calendar, intervalsOf, tariff, usage, versions, spans, facts, equipment, metered, counters, history } =
    account
  const path = `usage.periods.${index}`
  const span = present(spans[index], 'span of a period')
  const segments = segmentsOf(span, versions, path)
  const last = present(segments.at(-1), 'a segment of a period')
  const notes = account.explained ? createNotes() : undefined
  const quantities = new Map(
    quantitiesOf(
      calendar,
      intervalsOf,
      usage,
      period,
      span,
      last.version,
      [...last.slotDays.values()],
      path,
      notes?.note,
    ),
  )
  refuseSlotsWithoutTime(calendar, period, span, segments, path)
  const context: PeriodContext = {
    calendar,
    usage,
    period,
    span,
    month: period.month ?? calendar.dateAt(span.to - 1).slice(0, 7),
    version: last.version,
    quantities,
    metered,
    facts,
    equipment,
    history,
    counters,
    mayBeNegative: tariff.mayBeNegative === true,
    explained: account.explained,
    ...notes,
    currency: tariff.currency.code,
    components: knownComponents(segments, period),
    chargedBefore: new Map(),
    lines: [],
    derived: new Map(),
  }
  for (const { name, ...rule } of period.demands) {
    const value = evaluate({ op: 'demand', name, ...rule }, frameOfPeriod(context, last, `${path}.demands`))
    context.derived.delete(`${name} ${rule.slot ?? ''}`)
    const slot = rule.slot ?? null
    const before = quantities.get(name)?.parcels ?? []
    quantities.set(name, { kind: 'stock', path: `${path}.demands`, parcels: [...before, { ...span, slot, value }] })
  }
  rateSegments(context, segments, monthSpanOf(account, context), path)
  return context
}

function rateSegments(context: PeriodContext, segments: readonly Segment[], monthSpan: Span, path: string): void {
  for (const segment of segments) {
    for (const [position, component] of segment.version.components.entries())
      rateComponent(component, context, segment, monthSpan, `${segment.path}.components.${position}`)
  }
  const last = present(segments.at(-1), 'a segment of a period')
  for (const [position, adjustment] of context.period.adjustments.entries())
    rateComponent(adjustment, context, last, monthSpan, `${path}.adjustments.${position}`)
}

/** What the settlements of a month make up: since its first one on record, or else since the month's first day. */
function monthSpanOf({ calendar, history }: Account, { month, span, period }: PeriodContext): Span {
  if (period.settlement.number === 1) return span
  const start = history.monthStart(month)
  if (start !== null) return { from: instantOf(calendar, start, 'usage.opening.months'), to: span.to }
  const monthEnd = calendar.startOfDay(addMonths(`${month}-01`, 1))
  return { from: Math.min(calendar.startOfDay(`${month}-01`), span.from), to: Math.max(span.to, monthEnd) }
}

function knownComponents(segments: readonly Segment[], { adjustments }: UsagePeriod): readonly Component[] {
  return [...segments.flatMap(({ version }) => version.components), ...adjustments]
}
