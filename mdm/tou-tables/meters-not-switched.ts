import { addDays, beijing, type Instant, type LocalDate } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectTouMeters, type TouMeter, type TouScope } from '../../storage/mdm/tou-tables.js'
import type { SeenTables } from './beliefs.js'
import { notSwitched, type NotSwitchedReason, plannedSwitches } from './switch-forecast.js'
import { hoursOn, type TariffHours } from './tariff-hours.js'
import { hoursOfTariffs, seenTables } from './tou-verdicts.js'

/** A meter that will not count the hours of the version that is in force on a day. */
export interface MeterNotSwitched {
  readonly meter: TouMeter
  readonly version: number
  readonly reason: NotSwitchedReason
  readonly planned: readonly Instant[]
  readonly lastReadAt: Instant | null
}

export interface SwitchForecast {
  /** Meters whose tariff says hours on that day. */
  readonly meters: number
  readonly notSwitched: readonly MeterNotSwitched[]
}

/** Meters of a scope that will not count the hours of the version in force on `date`, by what was recorded until `knownAt`. */
export async function metersNotSwitched(
  client: Queryable,
  scope: TouScope,
  { date, knownAt }: { readonly date: LocalDate; readonly knownAt: Instant },
): Promise<SwitchForecast> {
  const from = beijing.startOfDay(date)
  const meters = await selectTouMeters(client, scope, { from, to: beijing.startOfDay(addDays(date, 1)), knownAt })
  const versions = await hoursOfTariffs(client, meters)
  const timed = meters.flatMap((meter) => {
    const version = hoursOn(versions.get(meter.tariffCode) ?? [], date)
    return version === null ? [] : [{ meter, version }]
  })
  const seen = await seenTables(client, [...new Set(timed.map(({ meter }) => meter.meterId))], knownAt)
  const judge = createJudge(date)
  return {
    meters: timed.length,
    notSwitched: timed.flatMap(({ meter, version }) => {
      const last = seen.get(meter.meterId)?.at(-1) ?? null
      const reason = judge(last, version)
      if (reason === null) return []
      const planned = last === null ? [] : plannedSwitches(last)
      return [{ meter, version: version.version, reason, planned, lastReadAt: last?.lastSeenAt ?? null }]
    }),
  }
}

/** Judges equal tables with equal plans once. */
function createJudge(date: LocalDate) {
  const known = new Map<string, NotSwitchedReason | null>()
  return (last: SeenTables | null, version: TariffHours): NotSwitchedReason | null => {
    if (last === null) return 'never_read'
    const sides = [last.use.zoneSwitchAt, last.use.daySwitchAt].map((at) => at !== null && at > last.lastSeenAt)
    const key = JSON.stringify([last.digest, last.use, sides, version.code, version.version])
    const before = known.get(key)
    if (before !== undefined) return before
    const reason = notSwitched(last, version, date)
    known.set(key, reason)
    return reason
  }
}
