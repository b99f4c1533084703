import { groupBy } from '../../domain/group-by.js'
import type { IntervalVerdict } from '../../domain/interval-day.js'
import type { MeterId } from '../../domain/reading.js'
import { type Calendar, calendarFor, dayMs, daysBetween, type Instant, type LocalDate } from '../../domain/time.js'
import { boundaryMs } from '../../domain/boundary-columns.js'
import type { Database } from '../../storage/database.js'
import { type InstalledMeter, lastOfPage, selectInstalledMeters } from '../../storage/mdm/curve-registry.js'
import { whileKeysCollide } from '../../storage/while-keys-collide.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import type { CurvePolicy } from './policy.js'
import { curvePolicyInForce } from './policy-in-force.js'
import { type SettledShard, settleShard } from './settle-shard.js'

export interface SettleInput {
  /** Local days [from, to) of each meter's own time zone. */
  readonly from: LocalDate
  readonly to: LocalDate
  readonly now: Instant
  /** In place of the one that is in force. */
  readonly policy?: CurvePolicy
  /** Only this meter. */
  readonly meterCode?: string
  /** Told of the meters that are done. */
  readonly onMeters?: (meters: number) => void
}

type JudgedInput = SettleInput & { readonly policy: CurvePolicy }

export interface CurveReport {
  /** Meters with a curve. */
  readonly meters: number
  readonly days: Readonly<Record<IntervalVerdict, number>>
  /** Incomplete days that are over but not closed yet. */
  readonly open: number
  /** Revisions appended: a day that says the same as before has none. */
  readonly written: number
  /** On how many days each rule spoke. */
  readonly rules: Readonly<Record<string, number>>
}

/** Registers of one channel that are in memory at once: some tens of megabytes. */
const boundariesPerShard = 2_000_000
const mostMetersPerShard = 20_000

/**
 * Makes interval days of the curves of [from, to): checked, filled where the registers allow it, reconciled. Run again it appends what a
 * late piece, a reading or a change of the registry made different, and nothing else.
 */
export async function settleCurves(database: Database, input: SettleInput): Promise<CurveReport> {
  const patient = database.withStatementLimit(statementMs)
  const judged = { ...input, policy: input.policy ?? (await curvePolicyInForce(database, input.now)) }
  const span = { from: Date.parse(input.from) - 2 * dayMs, to: Date.parse(input.to) + 2 * dayMs, now: input.now }
  await ensureTimePartitions(patient, span.from, span.to)
  const tally = createTally()
  for await (const page of pagesOf(patient, span, judged)) {
    for (const [calendar, installed] of byCalendar(page))
      tally.add(await settleMeters(patient, calendar, installed, judged))
    input.onMeters?.(new Set(page.map(({ meterId }) => meterId)).size)
  }
  return tally.report()
}

/** A shard's pieces are one statement. */
const statementMs = 15 * 60_000

async function* pagesOf(
  database: Database,
  span: { readonly from: Instant; readonly to: Instant; readonly now: Instant },
  { from, to, policy, meterCode }: JudgedInput,
): AsyncGenerator<readonly InstalledMeter[]> {
  if (meterCode !== undefined) {
    yield await selectInstalledMeters(database, span, { code: meterCode })
    return
  }
  const days = daysBetween(from, to) + 2 * Math.ceil(policy.longestFillMs / dayMs)
  const limit = Math.min(
    mostMetersPerShard,
    Math.max(1, Math.floor(boundariesPerShard / ((days * dayMs) / boundaryMs))),
  )
  let after: MeterId = -1n
  for (
    let last = await lastOfPage(database, after, limit);
    last !== null;
    last = await lastOfPage(database, after, limit)
  ) {
    yield await selectInstalledMeters(database, span, { after, limit })
    after = last
  }
}

function byCalendar(installed: readonly InstalledMeter[]): Iterable<readonly [Calendar, readonly InstalledMeter[]]> {
  return groupBy(installed, ({ timeZone }) => calendarFor(timeZone))
}

async function settleMeters(
  database: Database,
  calendar: Calendar,
  installed: readonly InstalledMeter[],
  { from, to, now, policy }: JudgedInput,
): Promise<SettledShard> {
  return whileKeysCollide(() =>
    database.transaction((tx) => settleShard(tx, { calendar, installed, from, to, now, policy })),
  )
}

function createTally() {
  const meters = new Set<MeterId>()
  const days = { complete: 0, filled: 0, held: 0 }
  const rules: Record<string, number> = {}
  let [open, written] = [0, 0]
  return {
    add(shard: SettledShard) {
      open += shard.open
      written += shard.written
      for (const { meterId, day } of shard.days) {
        meters.add(meterId)
        days[day.verdict]++
        for (const rule of day.rules) rules[rule] = (rules[rule] ?? 0) + 1
      }
    },
    report: (): CurveReport => ({ meters: meters.size, days, open, written, rules }),
  }
}
