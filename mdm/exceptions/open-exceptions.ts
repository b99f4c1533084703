import type { ExceptionPolicy } from '../../domain/exception-policy.js'
import { defaultReadLadder } from '../../domain/read-ladder.js'
import { liveToleranceMs } from '../../domain/reading.js'
import { dayMs, hourMs, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { type CauseQuery, type ExceptionCause, findCauses } from '../../storage/mdm/exception-causes.js'
import {
  causesGone,
  type ExceptionState,
  findStates,
  goLiveOf,
  insertExceptionEvents,
  insertExceptions,
  insertLook,
  lastLook,
  lockExceptions,
} from '../../storage/mdm/exceptions.js'
import { deadlineOf } from './deadline.js'
import { loadExceptionPolicy } from './load-policy.js'

export interface OpenExceptionsReport {
  readonly opened: number
  /** Closed by the system because the cause is gone. */
  readonly closed: number
  readonly stillOpen: number
  /** Doubts about meters that never hung anywhere: nobody owns them and the registry has to be mended. */
  readonly withoutPlace: readonly string[]
}

/** Kinds whose cause a decision takes away; the others stay as they are and are not asked about twice. */
const decidedAtTheRoot: ReadonlySet<string> = new Set(['held_reading', 'missing_reading'])

/**
 * A run takes its time before it looks, and writes with it long after it began: whoever looks next looks once more at what was recorded
 * so long before.
 */
const overlapMs = 2 * dayMs

/** Opens an exception for whatever is in doubt, and closes those whose cause is gone. The same state twice opens and closes nothing. */
export function openExceptions(
  database: Database,
  { now, actor }: { readonly now: Instant; readonly actor: string },
): Promise<OpenExceptionsReport> {
  return database.transaction(async (tx) => {
    const report = await openIn(tx, now)
    await insertLook(tx, now, actor)
    return report
  })
}

async function openIn(tx: Transaction, now: Instant): Promise<OpenExceptionsReport> {
  await lockExceptions(tx)
  const { revision, policy } = await loadExceptionPolicy(tx, now)
  const causes = await sinceGoLive(tx, await findCauses(tx, await causeQuery(tx, policy, now)))
  const placed = causes.filter((cause) => (cause.usagePointId ?? cause.transformerAreaId) !== null)
  const states = await findStates(
    tx,
    placed.map(({ exceptionKey }) => exceptionKey),
  )
  const { toOpen, toClose, stillOpen } = difference(placed, states)
  await insertExceptions(
    tx,
    toOpen.filter(({ ordinal }) => ordinal === 1).map(({ cause }) => exceptionRow(cause, now)),
  )
  const openings = toOpen.map(({ cause, ordinal }) => {
    const deadline = deadlineOf(cause, now, policy, defaultReadLadder)
    return openedRow(cause, { ordinal, deadline, policyRevision: revision, now })
  })
  const gone = await causesGone(
    tx,
    toClose.map(({ exceptionKey }) => exceptionKey),
  )
  const closings = toClose.map((state) => closedRow(state, gone.get(state.exceptionKey), revision, now))
  await insertExceptionEvents(tx, [...openings, ...closings])
  const withoutPlace = causes.filter((cause) => !placed.includes(cause)).map(({ exceptionKey }) => exceptionKey)
  return { opened: openings.length, closed: closings.length, stillOpen: stillOpen + openings.length, withoutPlace }
}

/** Who looks for the first time looks at everything since go-live. */
async function causeQuery(tx: Transaction, policy: ExceptionPolicy, now: Instant): Promise<CauseQuery> {
  const { lookedAt, goLive } = await lastLook(tx)
  const first = goLive ?? 0
  const window = now - policy.lookBackDays * dayMs
  return {
    from: lookedAt === null ? first : Math.max(window, first),
    since: lookedAt === null ? first : lookedAt - overlapMs,
    goLive: first,
    now,
    missingAfterMs: policy.missingAfterHours * hourMs,
    liveToleranceMs,
    longestEstimateMs: policy.longestEstimateDays * dayMs,
    watchedRules: policy.watchedRules,
  }
}

/** What another system read and billed is that system's. */
async function sinceGoLive(tx: Transaction, causes: readonly ExceptionCause[]): Promise<readonly ExceptionCause[]> {
  const places = causes.flatMap(({ usagePointId }) => (usagePointId === null ? [] : [usagePointId]))
  const goLive = await goLiveOf(tx, [...new Set(places)])
  return causes.filter(({ usagePointId, readAt }) => {
    const since = usagePointId === null ? undefined : goLive.get(usagePointId)
    return since === undefined || readAt === null || readAt >= since
  })
}

interface Difference {
  readonly toOpen: readonly { readonly cause: ExceptionCause; readonly ordinal: number }[]
  readonly toClose: readonly ExceptionState[]
  readonly stillOpen: number
}

/** What a person closed stays closed while its cause only goes on; a reading that is held again is a new doubt. */
export function difference(causes: readonly ExceptionCause[], states: readonly ExceptionState[]): Difference {
  const stateOf = new Map(states.map((state) => [state.exceptionKey, state]))
  const caused = new Set(causes.map(({ exceptionKey }) => exceptionKey))
  const open = states.filter(({ event }) => event === 'opened')
  const toClose = open.filter(({ exceptionKey }) => !caused.has(exceptionKey))
  const toOpen = causes.flatMap((cause) => {
    const state = stateOf.get(cause.exceptionKey)
    if (state?.event === 'opened') return []
    const settled = state !== undefined && state.decisionId !== null && !decidedAtTheRoot.has(cause.kind)
    return settled ? [] : [{ cause, ordinal: (state?.ordinal ?? 0) + 1 }]
  })
  return { toOpen, toClose, stillOpen: open.length - toClose.length }
}

function exceptionRow(cause: ExceptionCause, now: Instant) {
  return {
    exception_key: cause.exceptionKey,
    kind: cause.kind,
    usage_point_id: cause.usagePointId,
    transformer_area_id: cause.transformerAreaId,
    meter_id: cause.meterId,
    quantity: cause.quantity,
    read_at: cause.readAt,
    account_id: cause.accountId,
    period_start: cause.periodStart,
    period_end: cause.periodEnd,
    recorded_at: now,
  }
}

function openedRow(
  cause: ExceptionCause,
  event: {
    readonly ordinal: number
    readonly deadline: Instant
    readonly policyRevision: number
    readonly now: Instant
  },
) {
  return {
    exception_key: cause.exceptionKey,
    ordinal: event.ordinal,
    event: 'opened',
    rules: cause.rules,
    detail: cause.detail,
    evidence: cause.evidence,
    deadline: event.deadline,
    policy_revision: event.policyRevision,
    decision_id: null,
    recorded_at: event.now,
  }
}

function closedRow(state: ExceptionState, gone: string | undefined, policyRevision: number, now: Instant) {
  return {
    exception_key: state.exceptionKey,
    ordinal: state.ordinal + 1,
    event: 'closed',
    rules: [],
    detail: gone ?? 'the cause is gone',
    evidence: {},
    deadline: null,
    policy_revision: policyRevision,
    decision_id: null,
    recorded_at: now,
  }
}
