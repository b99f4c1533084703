import { addDays, beijing, datesIn, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { type Belief, beliefsOf, type Candidate, type SeenTables } from './beliefs.js'
import { compareDay, type SlotDifference } from './compare-slots.js'
import { minutesOfDay } from './day-slots.js'
import { slotsOfSets } from './slots-of-meter.js'
import { slotsOfTariff } from './slots-of-tariff.js'
import { hoursOn, type TariffHours } from './tariff-hours.js'

/** Why nobody can say whether a meter counted what the tariff says. */
export type TouUnknownReason =
  | 'never_read'
  | 'before_first_read'
  | 'changed_between_reads'
  | 'tables_incomplete'
  | 'tariff_without_hours'

/** A stretch of minutes that nobody can judge. */
export interface TouUnknown {
  readonly from: Instant
  readonly to: Instant
  readonly reason: TouUnknownReason
  /** Item that the meter does not tell; null where it is not that. */
  readonly item: string | null
}

/**
 * Whether the registers of a meter are those that a tariff asks for over a period.
 * - `differs`: in some minutes it surely counted another slot's register, whatever else is unknown.
 * - `unknown`: nothing is known to differ, and not all of it is known.
 * - `agrees`: as far as reads tell. What was not looked at since the last read is taken to be as it was.
 */
export interface TouVerdict {
  readonly verdict: 'agrees' | 'differs' | 'unknown'
  /** In order of time. */
  readonly differences: readonly SlotDifference[]
  readonly unknown: readonly TouUnknown[]
  /** The last read that the verdict rests on; null when there is none. */
  readonly lastReadAt: Instant | null
  /** Every version that is in force on a day that differs lets the account be rated from its curve. */
  readonly ratesFromCurves: boolean
}

export interface VerdictWish {
  readonly from: Instant
  readonly to: Instant
  /** What reads found, in order of time. */
  readonly seen: readonly SeenTables[]
  readonly versions: readonly TariffHours[]
}

/** A day that is not right by every candidate. */
interface DoubtfulDay {
  readonly date: LocalDate
  /** Whether a version with hours is in force. */
  readonly hasHours: boolean
  /** Item that a candidate's tables do not tell. */
  readonly missing: string | null
  /** What differs by each candidate's tables. */
  readonly differences: readonly (readonly SlotDifference[])[]
}

/** The days from the first to the last that are not right; the same tables, sets and days are compared once for however many meters. */
export type JudgeDays = (
  candidates: readonly Candidate[],
  versions: readonly TariffHours[],
  first: LocalDate,
  last: LocalDate,
) => readonly DoubtfulDay[]

export function createJudgeDays(): JudgeDays {
  const known = new Map<string, readonly DoubtfulDay[]>()
  return (candidates, versions, first, last) => {
    const tables = candidates.map(({ seen, inUse }) => `${seen.digest} ${inUse.zoneTable} ${inUse.dayTableSet}`)
    const key = [...tables, ...versions.map(({ code, version }) => `${code} ${version}`), first, last].join('|')
    const before = known.get(key)
    if (before !== undefined) return before
    const judged = datesIn(first, addDays(last, 1))
      .map((date) => judgeDay(candidates, hoursOn(versions, date), date))
      .filter(
        ({ hasHours, missing, differences }) =>
          !hasHours || missing !== null || differences.some(({ length }) => length > 0),
      )
    known.set(key, judged)
    return judged
  }
}

function judgeDay(candidates: readonly Candidate[], version: TariffHours | null, date: LocalDate): DoubtfulDay {
  if (version === null) return { date, hasHours: false, missing: null, differences: [] }
  const tariff = slotsOfTariff(version.calendar, date)
  const meters = candidates.map(({ seen, inUse }) => slotsOfSets(seen.tables, inUse, date))
  const missing = meters.find((meter) => !meter.ok)
  return {
    date,
    hasHours: true,
    missing: missing === undefined || missing.ok ? null : missing.error.item,
    differences: meters.map((meter) => (meter.ok ? compareDay(date, meter.value, tariff, version.registers) : [])),
  }
}

export function touVerdict(wish: VerdictWish, judge: JudgeDays = createJudgeDays()): TouVerdict {
  const { from, to, seen, versions } = wish
  const last = seen.at(-1)
  if (last === undefined) {
    const unknown: TouUnknown = { from, to, reason: 'never_read', item: null }
    return { verdict: 'unknown', differences: [], unknown: [unknown], lastReadAt: null, ratesFromCurves: false }
  }
  const found = beliefsOf(seen, from, to).map((belief) => judgeBelief(belief, versions, judge))
  const differences = found.flatMap((each) => each.differences)
  const unknown = joinUnknown(found.flatMap((each) => each.unknown))
  const verdict = differences.length > 0 ? 'differs' : unknown.length > 0 ? 'unknown' : 'agrees'
  const ratesFromCurves =
    differences.length > 0 && differences.every(({ date }) => hoursOn(versions, date)?.ratesFromCurves === true)
  return { verdict, differences, unknown, lastReadAt: last.lastSeenAt, ratesFromCurves }
}

interface Found {
  readonly differences: readonly SlotDifference[]
  readonly unknown: readonly TouUnknown[]
}

function judgeBelief(belief: Belief, versions: readonly TariffHours[], judge: JudgeDays): Found {
  if (belief.candidates.length === 0)
    return { differences: [], unknown: [{ from: belief.from, to: belief.to, reason: 'before_first_read', item: null }] }
  const [first, last] = [beijing.dateAt(belief.from), beijing.dateAt(belief.to - 1)]
  const differences: SlotDifference[] = []
  const unknown: TouUnknown[] = []
  for (const doubtful of judge(belief.candidates, versions, first, last)) {
    const day: DayPart = {
      date: doubtful.date,
      fromMinute: doubtful.date === first ? beijing.minuteOfDay(belief.from) : 0,
      toMinute: doubtful.date === last ? 1 + beijing.minuteOfDay(belief.to - 1) : minutesOfDay,
    }
    if (!doubtful.hasHours) unknown.push(unknownDay(day, 'tariff_without_hours'))
    else if (doubtful.missing !== null) unknown.push(unknownDay(day, 'tables_incomplete', doubtful.missing))
    else {
      const { sure, unsure } = together(doubtful.differences.map((each) => within(each, day)))
      differences.push(...sure)
      // Only reads on both sides of a change can contradict each other.
      unknown.push(...unsure.map((minutes) => unknownDay({ ...day, ...minutes }, 'changed_between_reads')))
    }
  }
  return { differences, unknown }
}

/** The minutes [fromMinute, toMinute) of a local day. */
interface DayPart {
  readonly date: LocalDate
  readonly fromMinute: number
  readonly toMinute: number
}

function within(differences: readonly SlotDifference[], part: DayPart): readonly SlotDifference[] {
  return differences
    .map((each) => ({
      ...each,
      fromMinute: Math.max(each.fromMinute, part.fromMinute),
      toMinute: Math.min(each.toMinute, part.toMinute),
    }))
    .filter(({ fromMinute, toMinute }) => fromMinute < toMinute)
}

type Minutes = Pick<SlotDifference, 'fromMinute' | 'toMinute'>

/** Where every candidate differs it surely differs; where some do, nobody knows. */
function together(lists: readonly (readonly SlotDifference[])[]): {
  readonly sure: readonly SlotDifference[]
  readonly unsure: readonly Minutes[]
} {
  const [only = []] = lists
  if (lists.length < 2 || lists.every((list) => list.length === 0)) return { sure: only, unsure: [] }
  const borders = [...new Set(lists.flat().flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute]))].sort(
    (left, right) => left - right,
  )
  const sure: SlotDifference[] = []
  const unsure: Minutes[] = []
  for (const [index, fromMinute] of borders.entries()) {
    const toMinute = borders[index + 1]
    if (toMinute === undefined) break
    const covering = lists.map((list) =>
      list.find((each) => each.fromMinute <= fromMinute && fromMinute < each.toMinute),
    )
    const [first] = covering
    if (first !== undefined && covering.every((each) => each !== undefined))
      sure.push({ ...first, fromMinute, toMinute })
    else if (covering.some((each) => each !== undefined)) unsure.push({ fromMinute, toMinute })
  }
  return { sure, unsure }
}

function unknownDay(
  { date, fromMinute, toMinute }: DayPart,
  reason: TouUnknownReason,
  item: string | null = null,
): TouUnknown {
  const start = beijing.startOfDay(date)
  return { from: start + fromMinute * minuteMs, to: start + toMinute * minuteMs, reason, item }
}

/** Stretches that follow each other for the same reason are one. */
function joinUnknown(unknown: readonly TouUnknown[]): readonly TouUnknown[] {
  const joined: TouUnknown[] = []
  for (const each of unknown) {
    const before = joined.at(-1)
    const isSame = before?.to === each.from && before.reason === each.reason && before.item === each.item
    if (before !== undefined && isSame) joined[joined.length - 1] = { ...before, to: each.to }
    else joined.push(each)
  }
  return joined
}
