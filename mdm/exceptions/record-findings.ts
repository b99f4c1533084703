import { addDays, beijing, type Instant, type LocalDate } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { endFindings, type Finding, insertFindings, openFindingKeys } from '../../storage/mdm/exceptions.js'
import { findFieldEvents } from '../../storage/mdm/field-event-findings.js'
import { findHeldCurveDays } from '../../storage/mdm/held-curve-days.js'
import { touFindings } from '../tou-tables/tou-findings.js'

export interface FindingsReport {
  readonly found: number
  readonly ended: number
}

/** What a check finds in [from, now), under keys that its next look gives again. Losses of areas record theirs when they are settled. */
interface Check {
  readonly kind: string
  /** It tells of what is not answered yet, however long ago it was. */
  readonly isLasting?: true
  readonly find: (tx: Transaction, from: Instant, now: Instant) => Promise<readonly Finding[]>
}

const checks: readonly Check[] = [
  { kind: 'tou_tables_differ', find: findTouDifferences },
  { kind: 'curve_day_held', find: (tx, from, now) => findHeldCurveDays(tx, { from, to: now, knownAt: now }) },
  ...(['seal_broken_found', 'meter_fault', 'tamper_suspected'] as const).map((kind) => ({
    kind,
    isLasting: true as const,
    find: (tx: Transaction, _: Instant, now: Instant) => findFieldEvents(tx, kind, now),
  })),
]

/** Records what other checks find since the beginning of last month, and that what they no longer find is over. Twice is once. */
export function recordFindings(database: Database, { now }: { readonly now: Instant }): Promise<FindingsReport> {
  return database.transaction(async (tx) => {
    const report = { found: 0, ended: 0 }
    const from = beijing.startOfDay(firstOfLastMonth(beijing.dateAt(now)))
    for (const { kind, isLasting, find } of checks) {
      const findings = await find(tx, from, now)
      const standing = new Set(findings.map(({ findingKey }) => findingKey))
      const since = isLasting === true ? 0 : from
      const gone = (await openFindingKeys(tx, { kind, since })).filter((key) => !standing.has(key))
      report.found += await insertFindings(tx, findings, now)
      report.ended += await endFindings(tx, { keys: gone, reason: 'no longer found', recordedAt: now })
    }
    return report
  })
}

/** Month by month, because a bill is: the same meter may be wrong in one and right in the next. */
async function findTouDifferences(tx: Transaction, from: Instant, now: Instant): Promise<readonly Finding[]> {
  const thisMonth = beijing.startOfDay(`${beijing.dateAt(now).slice(0, 7)}-01`)
  const months = [
    { from, to: thisMonth },
    { from: thisMonth, to: now },
  ].filter((month) => month.from < month.to)
  const found: Finding[] = []
  for (const month of months)
    for (const one of await touFindings(tx, { ...month, knownAt: now }))
      found.push({ ...one, transformerAreaId: null, readAt: null })
  return found
}

function firstOfLastMonth(day: LocalDate): LocalDate {
  return `${addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`
}
