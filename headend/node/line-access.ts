import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { findLineRow } from '../../storage/headend/find-line.js'
import { sessionOf, sessionThrough } from '../acquisition/collect-window.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'
import { type Line, parseLine } from '../line-settings.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { LineSession } from '../transports/line-session.js'
import { holdLine, type HoldTiming, type LineHold } from './line-hold.js'
import { type LogEvent, messageOf } from './log.js'
import type { Uploads } from './uploads.js'

export interface LineAccessOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly timing: HoldTiming
  readonly leases: LeaseKeeper
  readonly metrics: Pick<HeadEndMetrics, 'held' | 'leaseLost' | 'traffic'>
  readonly log: LogEvent
  readonly uploads: Pick<Uploads, 'openLine'>
  readonly stopping: AbortSignal
}

/** How this node gets at lines: it finds one, holds it against all others, and opens a session on one that nobody talks on. */
export interface LineAccess {
  /** Null for a line that is not there or cannot be used, which is said. */
  readonly findLine: (code: string) => Promise<Line | null>
  /** Does nothing while another node has the line. */
  readonly withHold: (
    line: Pick<Line, 'lineId' | 'code'>,
    beat: (until: Instant) => Promise<boolean>,
    act: (hold: LineHold) => Promise<void>,
  ) => Promise<'held' | 'busy'>
  readonly onIdleLine: (
    lineCode: string,
    plan: CollectionPlan,
    act: (line: Line, session: LineSession, hold: LineHold) => Promise<void>,
  ) => Promise<void>
  readonly held: () => number
}

export function createLineAccess(options: LineAccessOptions): LineAccess {
  const { database, clock, metrics, log } = options
  let held = 0

  async function withHold(
    line: Pick<Line, 'lineId' | 'code'>,
    beat: (until: Instant) => Promise<boolean>,
    act: (hold: LineHold) => Promise<void>,
  ): Promise<'held' | 'busy'> {
    const onTrouble = (error: unknown): void => {
      log('warn', 'heartbeat_failed', { line: line.code, reason: messageOf(error) })
    }
    const { leases, stopping, timing } = options
    const hold = await holdLine({ clock, timing, leases, lineId: line.lineId, stopping, beat, onTrouble })
    metrics.held(hold === null ? 'busy' : 'held')
    if (hold === null) return 'busy'
    held += 1
    try {
      await act(hold)
    } finally {
      held -= 1
      if (hold.wasLost()) {
        metrics.leaseLost(line.code)
        log('warn', 'line_lost', { line: line.code })
      }
      await hold.giveBack()
    }
    return 'held'
  }

  /** Takes a line, talks and gives it back. Does nothing while another node has it. */
  async function onIdleLine(
    lineCode: string,
    plan: CollectionPlan,
    act: (line: Line, session: LineSession, hold: LineHold) => Promise<void>,
  ): Promise<void> {
    const line = await findLine(lineCode)
    if (line === null) return
    await withHold(
      line,
      () => Promise.resolve(true),
      async (hold) => {
        const today = line.calendar.startOfDayAt(clock.now())
        const session =
          line.kind === 'mqtt_concentrator'
            ? sessionThrough(options.uploads.openLine(line.lineId), { clock, plan, newestMidnight: today, right: hold })
            : sessionOf({ ...options, plan, right: hold }, line, today)
        try {
          await act(line, session, hold)
        } finally {
          metrics.traffic(line.code, session.reader.counters())
          session.reader.close()
        }
      },
    )
  }

  async function findLine(code: string): Promise<Line | null> {
    const row = await findLineRow(database, code)
    const parsed = row === null ? null : parseLine(row)
    if (parsed === null || parsed.ok) return parsed?.value ?? null
    log('warn', 'line_unusable', { kind: parsed.error.kind, reason: parsed.error.message })
    return null
  }

  return { findLine, withHold, onIdleLine, held: () => held }
}
