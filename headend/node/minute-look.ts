import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import { ensureWorkingPartitions } from '../../storage/time-series.js'
import { accountSettingsAt } from '../accounting/settings-of-plan.js'
import { tallyNights } from '../accounting/tally-nights.js'
import { companyWideLimitMs } from '../database-limits.js'
import type { Line, LineError } from '../line-settings.js'
import { dispatch } from '../plan/dispatch.js'
import { foretellAhead } from '../plan/foretell-ahead.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { uploadsOpenMs } from '../plan/plan-coverage.js'
import { type PlanInForce, planInForce } from '../plan/plan-in-force.js'
import { isConcentrator, usableLines } from '../usable-lines.js'
import type { DatabaseWatch } from './database-watch.js'
import { type LogEvent, messageOf } from './log.js'
import { iso, sayFired, sayForetold } from './schedule-words.js'
import type { Uploads } from './uploads.js'

export interface MinuteLookOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: LogEvent
  readonly stopping: AbortSignal
  readonly watch: Pick<DatabaseWatch, 'attempt'>
  readonly uploads: Pick<Uploads, 'follow' | 'tend'>
  /** A schedule has fallen due. */
  readonly onFired: (schedule: string) => void
  /** Says to the other nodes that windows fall due at an instant. */
  readonly announce: (dueAt: Instant) => Promise<void>
  /** There may be windows to take. */
  readonly onLooked: () => void
  readonly tellTime: (usable: readonly Line[], plan: CollectionPlan) => Promise<void> | undefined
}

export interface MinuteLook {
  /** Looks what has fallen due, and what the registry says now; what goes over the whole company follows, and is not waited for. */
  readonly look: () => Promise<void>
  /** Resolves when no look is under way; one over the whole company is waited for only so long. */
  readonly finished: () => Promise<void>
  /** Lines of the registry that are left out because of what is said of them. */
  readonly unusable: () => number
}

/** A statement over the whole company may take minutes; a node that ends lets it go, and the database rolls it back. */
const longestFarewellMs = 10 * secondMs

export function createMinuteLook(options: MinuteLookOptions): MinuteLook {
  const { database, clock, log, stopping, uploads, watch } = options
  let unusable: ReadonlySet<string> = new Set()
  let isEmpty = false
  let minute: Promise<unknown> = Promise.resolve()
  let calmLook: Promise<unknown> | null = null

  /** What does not wait. Each part is tried for itself: a mistake in one must not keep the others from their minute. */
  async function lookAround(): Promise<void> {
    const { attempt } = watch
    await attempt('partitions', () => ensureWorkingPartitions(database, clock.now()))
    const seen = await attempt('registry', async () => {
      const now = clock.now()
      return { inForce: await planInForce(database, now, now), usable: await loadUsable() }
    })
    if (seen === null) return
    const { inForce, usable } = seen
    const { plan } = inForce
    await attempt('uploads', () =>
      uploads.follow(usable.filter(isConcentrator), { windowOpensMs: uploadsOpenMs(plan), tables: plan.tables }),
    )
    await attempt('schedules', () => takeUpDue(inForce))
    options.onLooked()
    await attempt('broadcasts', async () => options.tellTime(usable, plan))
  }

  async function takeUpDue(inForce: PlanInForce): Promise<void> {
    for (const fired of await dispatch({ database, clock }, inForce)) {
      options.onFired(fired.schedule)
      sayFired(log, fired)
      if (fired.windows > 0) await options.announce(fired.start)
    }
  }

  /** What goes over the whole company, and may take longer than a minute. */
  async function lookAhead(): Promise<void> {
    const parts = { concentrators: uploads.tend, forecasts: foretell, tallies: tallyOver }
    for (const [what, act] of Object.entries(parts)) if (!stopping.aborted) await watch.attempt(what, act)
  }

  async function foretell(): Promise<void> {
    const now = clock.now()
    const { plan } = await planInForce(database, now, now)
    for (const foretold of await foretellAhead({ database, clock }, plan)) sayForetold(log, foretold)
  }

  async function tallyOver(): Promise<void> {
    const patient = database.withStatementLimit(companyWideLimitMs)
    const { ladder } = await accountSettingsAt(database, clock.now())
    for (const { readAt, talliedAt } of await tallyNights({ database: patient, clock }, ladder))
      log('info', 'night_tallied', { readAt: iso(readAt), talliedAt: iso(talliedAt) })
  }

  async function unlessStopping(look: () => Promise<void>): Promise<void> {
    if (stopping.aborted) return
    await look().catch((error: unknown) => {
      log('error', 'look_around_failed', { reason: messageOf(error) })
    })
  }

  /** Once, until it changes: the registry is looked at every minute. */
  function sayUnusable(errors: readonly LineError[]): void {
    for (const { kind, message } of errors)
      if (!unusable.has(message)) log('warn', 'line_unusable', { kind, reason: message })
    unusable = new Set(errors.map(({ message }) => message))
  }

  function sayEmpty(lineCount: number): void {
    if (lineCount === 0 && !isEmpty)
      log('warn', 'no_lines', { reason: '档案中没有线路 no lines in the registry: shuangwu registry import FILE.json' })
    isEmpty = lineCount === 0
  }

  async function loadUsable(): Promise<readonly Line[]> {
    const rows = await loadLines(database)
    sayEmpty(rows.length)
    const found = usableLines(rows)
    sayUnusable(found.unusable)
    return found.lines
  }

  return {
    look() {
      // One after the other: a slow look must not be overtaken by the next one.
      const looked = minute.then(() => unlessStopping(lookAround))
      minute = looked
      calmLook ??= looked.then(() => unlessStopping(lookAhead)).finally(() => (calmLook = null))
      return looked
    },
    async finished() {
      await minute
      if (calmLook !== null) await atMost(calmLook)
    },
    unusable: () => unusable.size,
  }

  function atMost(act: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const patience = clock.setTimer(longestFarewellMs, resolve)
      void act.finally(() => {
        patience.cancel()
        resolve()
      })
    })
  }
}
