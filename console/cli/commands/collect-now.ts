import { hostname } from 'node:os'
import { UserError } from '../../../domain/errors.js'
import { present } from '../../../domain/result.js'
import { addDays, beijing, isLocalDate, localMinute } from '../../../domain/time.js'
import { layWindow } from '../../../headend/acquisition/collect-window.js'
import { collectOnce, findGaps, type LineGap, type OnceReport } from '../../../headend/node/collect-once.js'
import { planInForce } from '../../../headend/plan/plan-in-force.js'
import type { Database, Queryable } from '../../../storage/database.js'
import { loadLines } from '../../../storage/headend/lines.js'
import { type MeterScope, metersInScope } from '../../../storage/headend/meters-in-scope.js'
import { createProgress } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { createSerialPorts } from '../../runtime/serial-port.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export interface CollectNow {
  readonly scope: MeterScope
  /** The day of use whose closing midnight is the newest one wanted; null for the last midnight. */
  readonly date: string | null
  /** So many midnights before it as well; null for as many as the plan says. */
  readonly days: number | null
  readonly dryRun: boolean
  readonly json: boolean
}

/**
 * Looks for what is missing, and asks the meters for it once. Running it again asks for what is still missing, so an interrupted run
 * is resumed by the same command.
 */
export async function collectNow(io: Io, wish: CollectNow): Promise<void> {
  await withDatabase(io, 'headend', async (database) => {
    const clock = createRealClock()
    const now = clock.now()
    const { plan, revision } = await planInForce(database, now, now)
    const midnight = midnightOf(wish.date, now)
    const days = wish.days ?? plan.ladder.backfillDays
    const meters = await metersInScope(database, wish.scope, now)
    if (meters.length === 0) throw new UserError('not_found', `no meter hangs on a line under ${scopeText(wish.scope)}`)
    const head = { midnight: new Date(midnight).toISOString(), days, plan: revision }
    const look = async (queryable: Queryable) => {
      await layDuePoints(queryable, midnight)
      return findGaps(queryable, clock, { plan, midnight, days, meters })
    }
    if (wish.dryRun) return sayGaps(io, wish, head, await rolledBack(database, look))
    const gaps = await look(database)
    const askable = gaps.filter((gap) => gap.askable.length > 0)
    sayGaps({ ...io, out: io.err }, { ...wish, json: false }, head, gaps)
    sayReports(io, wish, head, await run(io, database, { plan, midnight, days }, askable))
  })
}

async function run(
  io: Io,
  database: Database,
  settings: Pick<Parameters<typeof collectOnce>[0], 'plan' | 'midnight' | 'days'>,
  gaps: readonly LineGap[],
): Promise<readonly OnceReport[]> {
  const clock = createRealClock()
  const stopping = new AbortController()
  const stop = io.onInterrupt(() => stopping.abort())
  const total = sum(gaps.map((gap) => gap.askable.length))
  const stage = createProgress(io).stage('采集 collecting', total)
  try {
    const instance = `${hostname()}#${process.pid}@${clock.now()}`
    const network = createRealNetwork()
    const serialPorts = createSerialPorts()
    const onRead = () => stage.advance()
    const options = { database, clock, network, serialPorts, instance, stopping: stopping.signal, onRead, ...settings }
    const reports = await collectOnce(options, gaps)
    if (!stopping.signal.aborted) stage.done()
    return reports
  } finally {
    stage.stop()
    stop()
  }
}

/** What an act finds, and nothing that it changed. */
async function rolledBack<T>(database: Database, act: (queryable: Queryable) => Promise<T>): Promise<T> {
  let found: { readonly value: T } | null = null
  try {
    await database.transaction(async (tx) => {
      found = { value: await act(tx) }
      throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
  return present<{ readonly value: T }>(found, 'what a rolled-back look found').value
}

class RolledBack extends Error {
  override readonly name = 'RolledBack'
}

async function layDuePoints(database: Queryable, midnight: number): Promise<void> {
  const zones = new Set((await loadLines(database)).map((row) => row.time_zone))
  for (const timeZone of zones)
    await layWindow({ database, clock: createRealClock() }, midnight, { timeZone, calendar: beijing })
}

function midnightOf(date: string | null, now: number): number {
  if (date === null) return beijing.startOfDay(beijing.dateAt(now))
  if (!isLocalDate(date)) throw new UserError('bad_input', `--date ${date}: expected a day written YYYY-MM-DD`)
  const midnight = beijing.startOfDay(addDays(date, 1))
  if (midnight > now) throw new UserError('bad_input', `--date ${date}: expected a day that is over`)
  return midnight
}

function scopeText({ line, meter, area }: MeterScope): string {
  const named = Object.entries({ line, meter, area }).filter(([, code]) => code !== null)
  return named.map(([kind, code]) => `${kind} ${code}`).join(', ') || 'this registry'
}

interface Head {
  readonly midnight: string
  readonly days: number
  readonly plan: number | null
}

function sayGaps(io: Pick<Io, 'out'>, { json }: CollectNow, head: Head, gaps: readonly LineGap[]): void {
  const missing = sum(gaps.map((gap) => gap.missing.length))
  const askable = sum(gaps.map((gap) => gap.askable.length))
  const longestMs = Math.max(0, ...gaps.map((gap) => gap.predictedMs))
  if (json) {
    const lines = gaps.map((gap) => ({
      line: gap.line.code,
      kind: gap.line.kind,
      missing: gap.missing.length,
      askable: gap.askable.length,
      predictedMs: gap.predictedMs,
      unfitJobs: gap.unfit.jobs,
      missingMs: gap.unfit.missingMs,
    }))
    return io.out(toJson({ ...head, missing, askable, longestMs, lines }))
  }
  const rows = gaps.filter((gap) => gap.missing.length > 0)
  io.out(
    textTable(
      ['线路 line', '方式 kind', '缺 missing', '可召 askable', '预计 predicted s'],
      [
        ...rows.map((gap) => [
          gap.line.code,
          gap.line.kind,
          gap.missing.length,
          gap.askable.length,
          seconds(gap.predictedMs),
        ]),
        ['合计 total', '', missing, askable, seconds(sum(gaps.map((gap) => gap.predictedMs)))],
      ],
    ),
  )
  io.out(
    `截至 up to ${localMinute(beijing, Date.parse(head.midnight))}，${head.days} 天 days；最长的线路预计 longest line ${seconds(longestMs)} s`,
  )
  for (const { line, unfit } of gaps.filter((gap) => gap.unfit.jobs > 0))
    io.out(
      `窗口排不下 the window does not hold it all: ${line.code}，${unfit.jobs} 点 points，缺时 airtime missing ${seconds(unfit.missingMs)} s`,
    )
}

function sayReports(io: Io, { json }: CollectNow, head: Head, reports: readonly OnceReport[]): void {
  const read = sum(reports.map((each) => each.read))
  const open = sum(reports.map((each) => each.open))
  if (json) return io.out(toJson({ ...head, read, open, lines: reports }))
  io.out(
    textTable(
      ['线路 line', '结果 status', '应召 due', '读回 read', '未回 open', '预计 predicted s', '用时 took s'],
      [
        ...reports.map((each) => [
          each.line,
          each.status,
          each.due,
          each.read,
          each.open,
          seconds(each.predictedMs),
          seconds(each.achievedMs),
        ]),
        ['合计 total', '', read + open, read, open, '', ''],
      ],
    ),
  )
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
