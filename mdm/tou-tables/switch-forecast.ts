import { addDays, daysBetween, type Instant, type LocalDate } from '../../domain/time.js'
import type { TouUse } from '../../domain/tou-tables.js'
import type { SeenTables } from './beliefs.js'
import { compareSlots } from './compare-slots.js'
import type { TariffHours } from './tariff-hours.js'

/** Why a meter will not count the hours of a version from its first day on. */
export type NotSwitchedReason =
  | 'never_read'
  | 'tables_incomplete'
  /** A set in the meter has the hours, and nothing is planned to bring it into use. */
  | 'switch_not_planned'
  /** A set has the hours, and the sets change over at another moment. */
  | 'switch_elsewhen'
  /** No set in the meter has the hours. */
  | 'not_loaded'

/** A meter loaded for longer than this needs another load before it matters. */
const mostDays = 366

/**
 * Whether a meter, as it was last seen, will count the hours of a version from a day on until the version ends, a year at most.
 * @returns null for one that will.
 */
export function notSwitched(last: SeenTables | null, version: TariffHours, date: LocalDate): NotSwitchedReason | null {
  if (last === null) return 'never_read'
  const to = endOf(version, date)
  const { differences, incomparable } = compareWith(last, last.use, version, date, to)
  if (incomparable.length > 0) return 'tables_incomplete'
  if (differences.length === 0) return null
  const isLoaded = allSets.some((sets) => agrees(last, sets, version, date, to))
  if (!isLoaded) return 'not_loaded'
  return isPlanned(last.use, last.lastSeenAt) ? 'switch_elsewhen' : 'switch_not_planned'
}

const allSets = ([1, 2] as const).flatMap((zoneTable) =>
  ([1, 2] as const).map((dayTableSet) => ({ zoneTable, dayTableSet, zoneSwitchAt: null, daySwitchAt: null })),
)

function agrees(seen: SeenTables, use: TouUse, version: TariffHours, from: LocalDate, to: LocalDate): boolean {
  const { differences, incomparable } = compareWith(seen, use, version, from, to)
  return differences.length === 0 && incomparable.length === 0
}

function compareWith(
  { tables, lastSeenAt }: SeenTables,
  use: TouUse,
  version: TariffHours,
  from: LocalDate,
  to: LocalDate,
) {
  return compareSlots({ tables, use, readAt: lastSeenAt }, [version], from, to)
}

function endOf({ validTo }: TariffHours, date: LocalDate): LocalDate {
  const latest = addDays(date, mostDays)
  return validTo !== null && daysBetween(validTo, latest) > 0 ? validTo : latest
}

function isPlanned({ zoneSwitchAt, daySwitchAt }: TouUse, readAt: Instant): boolean {
  return [zoneSwitchAt, daySwitchAt].some((at) => at !== null && at > readAt)
}

/** Moments that a meter plans, for people: none that was over when it was read. */
export function plannedSwitches({ use, lastSeenAt }: SeenTables): readonly Instant[] {
  const planned = [use.zoneSwitchAt, use.daySwitchAt].filter((at) => at !== null && at > lastSeenAt)
  return [...new Set(planned.filter((at) => at !== null))].sort((left, right) => left - right)
}
