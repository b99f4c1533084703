import { hostname } from 'node:os'
import { UserError } from '../../../domain/errors.js'
import { present } from '../../../domain/result.js'
import { addDays, beijing, closedDay, datesIn, dayMs, type Instant, isLocalDate } from '../../../domain/time.js'
import { laidDays } from '../../../headend/accounting/laid-days.js'
import { layWindow } from '../../../headend/acquisition/collect-window.js'
import { laySpan } from '../../../headend/acquisition/lay-span.js'
import { collectOnce, findGaps, type LineGap, type OnceReport } from '../../../headend/node/collect-once.js'
import { planInForce } from '../../../headend/plan/plan-in-force.js'
import type { Database, Transaction } from '../../../storage/database.js'
import { loadLines } from '../../../storage/headend/lines.js'
import { type MeterScope, metersInScope } from '../../../storage/headend/meters-in-scope.js'
import { createProgress, whileWorking } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { createSerialPorts } from '../../runtime/serial-port.js'
import type { Io } from '../io.js'
import { withDatabase } from '../session.js'
import { type Looked, sayGaps, sayReports, sum } from './collect-texts.js'

export interface CollectNow {
  readonly scope: MeterScope
  /** The day of use whose closing midnight is the newest one wanted; null for the last midnight. */
  readonly date: string | null
  /** How many days of use, that one included; null for as many as the plan says. */
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
    const days = wish.days ?? plan.ladder.backfillDays + 1
    const span = { plan, midnight, days: days - 1 }
    const meters = await metersInScope(database, wish.scope, now)
    if (meters.length === 0)
      throw new UserError('not_found', `${scopeText(wish.scope)}: 无电表 no meter is installed there`)
    const look = async (queryable: Database | Transaction): Promise<Looked> => {
      await layDuePoints(queryable, midnight - span.days * dayMs, midnight)
      const dates = datesIn(addDays(closedDay(beijing, midnight), 1 - days), beijing.dateAt(midnight))
      const laid = await laidDays(queryable, dates, { asOf: null, now })
      const head = { midnight: new Date(midnight).toISOString(), days, plan: revision, laid }
      return { head, gaps: await findGaps(queryable, clock, { ...span, meters }) }
    }
    const title = '查找缺数 looking for what is missing'
    const looked = await whileWorking(io, { title, isQuiet: wish.json }, () =>
      wish.dryRun ? rolledBack(database, look) : look(database),
    )
    if (wish.dryRun) return sayGaps(io.out, wish.json, looked)
    const { head, gaps } = looked
    sayGaps(io.err, false, { head, gaps })
    const askable = gaps.filter((gap) => gap.askable.length > 0)
    const reports = await run(io, database, span, askable)
    const codes = new Map(meters.map(({ meterId, code }) => [meterId, code]))
    sayReports(io.out, wish.json, { head, reports, codeOf: (meterId) => codes.get(meterId) ?? String(meterId) })
    refuseNothing(gaps, reports)
  })
}

/** @throws UserError where something is missing and nothing of it came. */
function refuseNothing(gaps: readonly LineGap[], reports: readonly OnceReport[]): void {
  const missing = sum(gaps.map((gap) => gap.missing.length))
  if (missing === 0 || reports.some(({ read }) => read > 0)) return
  throw new UserError(
    'no_answer',
    reports.length === 0
      ? `缺 ${missing} 点，现在都不可召 ${missing} points are missing, and none can be asked for now`
      : `缺 ${missing} 点，无一召回 ${missing} points are missing, and none of them came`,
  )
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
async function rolledBack<T>(database: Database, act: (queryable: Transaction) => Promise<T>): Promise<T> {
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

async function layDuePoints(database: Database | Transaction, from: Instant, midnight: Instant): Promise<void> {
  const zones = new Set((await loadLines(database)).map((row) => row.time_zone))
  const clock = createRealClock()
  for (const timeZone of zones) {
    const zone = { timeZone, calendar: beijing }
    await layWindow({ database, clock }, midnight, zone)
    await laySpan({ database, clock }, { from, through: midnight }, zone)
  }
}

function midnightOf(date: string | null, now: number): number {
  if (date === null) return beijing.startOfDayAt(now)
  if (!isLocalDate(date))
    throw new UserError('bad_input', `--date ${date}: 应为日期（YYYY-MM-DD） expected a day written YYYY-MM-DD`)
  const midnight = beijing.startOfDay(addDays(date, 1))
  if (midnight > now) throw new UserError('bad_input', `--date ${date}: 应为已结束的日期 expected a day that is over`)
  return midnight
}

const scopeWords: Readonly<Record<string, string>> = { line: '线路 line', meter: '电表 meter', area: '台区 area' }

function scopeText({ line, meter, area }: MeterScope): string {
  const named = Object.entries({ line, meter, area }).filter(([, code]) => code !== null)
  return named.map(([kind, code]) => `${scopeWords[kind] ?? kind} ${code}`).join(', ') || '档案 the registry'
}
