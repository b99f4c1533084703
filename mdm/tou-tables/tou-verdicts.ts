import { groupBy } from '../../domain/group-by.js'
import type { MeterId } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { addDays, beijing, type Instant } from '../../domain/time.js'
import { tariffVersionsInForce } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import { type SeenRow, selectSeenTables, selectTables } from '../../storage/mdm/tou-tables.js'
import type { SeenTables } from './beliefs.js'
import { type TariffHours, toTariffHours } from './tariff-hours.js'
import { createJudgeDays, type TouVerdict, touVerdict } from './tou-verdict.js'

/** A meter with the tariff that its registers are billed under over [from, to). */
export interface MeterPeriod {
  readonly meterId: MeterId
  readonly tariffCode: string
  readonly from: Instant
  readonly to: Instant
}

export interface MeterVerdict<P extends MeterPeriod> {
  readonly period: P
  readonly verdict: TouVerdict
}

/**
 * The verdict on each meter and period, in their order, by what was recorded until `knownAt`. Two queries for all of them, and equal
 * tables are compared once. Meters that were never asked are `unknown`, as those are whose tariff says no hours.
 */
export async function touVerdicts<P extends MeterPeriod>(
  client: Queryable,
  periods: readonly P[],
  knownAt: Instant,
): Promise<readonly MeterVerdict<P>[]> {
  const [first] = periods
  if (first === undefined) return []
  const seen = await seenTables(client, [...new Set(periods.map(({ meterId }) => meterId))], knownAt)
  const versions = seen.size === 0 ? new Map<string, readonly TariffHours[]>() : await hoursOfTariffs(client, periods)
  const judge = createJudgeDays()
  return periods.map((period) => {
    const { meterId, tariffCode, from, to } = period
    const wish = { from, to, seen: seen.get(meterId) ?? [], versions: versions.get(tariffCode) ?? [] }
    return { period, verdict: touVerdict(wish, judge) }
  })
}

/** What reads found in each meter, in order of time. */
export async function seenTables(
  client: Queryable,
  meterIds: readonly MeterId[],
  knownAt: Instant,
): Promise<ReadonlyMap<MeterId, readonly SeenTables[]>> {
  const rows = await selectSeenTables(client, { meterIds, knownAt })
  const tables = await selectTables(client, [...new Set(rows.map(({ digest }) => digest))])
  const toSeen = ({ digest, firstSeenAt, lastSeenAt, ...row }: SeenRow): SeenTables => {
    const { zoneTable, dayTableSet, zoneSwitchAt, daySwitchAt } = row
    const use = { zoneTable, dayTableSet, zoneSwitchAt, daySwitchAt }
    return { digest, tables: present(tables.get(digest), digest), use, firstSeenAt, lastSeenAt }
  }
  const byMeter = groupBy(rows, ({ meterId }) => meterId)
  return new Map([...byMeter].map(([meterId, ofMeter]) => [meterId, ofMeter.map(toSeen)]))
}

/** The signed versions with hours of each tariff that are valid on some day of the periods. */
export async function hoursOfTariffs(
  client: Queryable,
  periods: readonly Omit<MeterPeriod, 'meterId'>[],
): Promise<ReadonlyMap<string, readonly TariffHours[]>> {
  const codes = [...new Set(periods.map(({ tariffCode }) => tariffCode))]
  const from = periods.reduce((least, period) => Math.min(least, period.from), Number.POSITIVE_INFINITY)
  const to = periods.reduce((most, period) => Math.max(most, period.to), Number.NEGATIVE_INFINITY)
  if (from >= to) return new Map()
  const rows = await tariffVersionsInForce(client, codes, beijing.dateAt(from), addDays(beijing.dateAt(to - 1), 1))
  return groupBy(
    rows.map(toTariffHours).filter((hours) => hours !== null),
    ({ code }) => code,
  )
}
