import type { DecisionAction, ExceptionPolicy } from '../../domain/exception-policy.js'
import { groupBy } from '../../domain/group-by.js'
import { uuidOf } from '../../domain/ids.js'
import { readingSources, type RegisterSet } from '../../domain/reading.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import {
  type DecisionHead,
  type DecisionItem,
  type ExceptionClaim,
  findDecision,
  insertDecision,
  readClaimsOfExceptions,
  type StoredDecision,
} from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions, type OpenException, type OpenExceptionFilter } from '../../storage/mdm/open-exceptions.js'
import { type MeterRow, readMeters } from '../../storage/mdm/validation-shard.js'
import { tariffGapE4 } from '../validation/rules/tariff-sum.js'
import { fitsDisplay } from '../registry/noted-registers.js'
import { loadExceptionPolicy } from './load-policy.js'
import { isAllowed, type NotDecidableReason } from './allowed-actions.js'

export interface DecideInput {
  readonly filter: OpenExceptionFilter
  readonly action: Exclude<DecisionAction, 'undo'>
  readonly reason: string
  readonly evidence: string
  readonly actor: string
  readonly now: Instant
  /** For `hold`. */
  readonly holdUntil?: Instant
  /** For `correct`: the registers of the one exception that is named. */
  readonly value?: RegisterSet
  /** For `accept`: which claim, the most trusted being 1. */
  readonly claim?: number
  /** Freezes nothing and says what would be. */
  readonly dryRun?: boolean
}
export interface LeftOut {
  readonly exceptionKey: string
  readonly kind: NotDecidableReason
}
export interface DecideReport {
  /** Null in a dry run. */
  readonly decision: StoredDecision | null
  readonly outcome: 'created' | 'exists' | 'dry_run'
  readonly items: readonly DecisionItem[]
  readonly leftOut: readonly LeftOut[]
}
export interface DecideRefused {
  readonly kind: 'nothing_to_decide' | 'one_value_for_one_exception'
  readonly leftOut: readonly LeftOut[]
}

/**
 * Freezes one decision about everything the filter finds, as a list with its count and total effect. What the action is not for is left
 * out and said. It takes effect when `applyDecisions` finds its approvals complete.
 */
export async function decideExceptions(
  console: Database,
  input: DecideInput,
): Promise<Result<DecideReport, DecideRefused>> {
  return console.transaction(async (tx) => {
    const open = await findOpenExceptions(tx, input.now, input.filter)
    if (input.action === 'correct' && open.length > 1) return err({ kind: 'one_value_for_one_exception', leftOut: [] })
    const judged = await judge(tx, open, input)
    const leftOut = [...judged.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])), ...notFound(open, input)]
    const items = judged.flatMap(({ item }) => (item === null ? [] : [item]))
    if (items.length === 0) return err({ kind: 'nothing_to_decide', leftOut })
    if (input.dryRun === true) return ok({ decision: null, outcome: 'dry_run', items, leftOut })
    const head = headOf(input, items)
    const isNew = await insertDecision(tx, head, items)
    const decision = present(await findDecision(tx, head.decisionId), 'the decision')
    return ok({ decision, outcome: isNew ? 'created' : 'exists', items, leftOut })
  })
}

interface Judged {
  readonly item: DecisionItem | null
  readonly refusal: LeftOut | null
}

async function judge(tx: Transaction, open: readonly OpenException[], input: DecideInput): Promise<readonly Judged[]> {
  const keys = open.map(({ exceptionKey }) => exceptionKey)
  const claims = input.action === 'accept' ? await readClaimsOfExceptions(tx, keys) : []
  const byKey = groupBy(claims, ({ exceptionKey }) => exceptionKey)
  const { policy } = await loadExceptionPolicy(tx, input.now)
  const meterIds = open.flatMap(({ meterId }) => (meterId === null ? [] : [meterId]))
  const meters = input.action === 'correct' ? await readMeters(tx, { meterIds }) : []
  return open.map((one) => {
    const meter = meters.find(({ meterId }) => meterId === one.meterId)
    const refusal = refusalOf(one, input, byKey.get(one.exceptionKey) ?? [], meter, policy)
    if (refusal !== null) return { item: null, refusal: { exceptionKey: one.exceptionKey, kind: refusal } }
    return { item: toItem(one, input, byKey.get(one.exceptionKey) ?? []), refusal: null }
  })
}

function refusalOf(
  one: OpenException,
  input: DecideInput,
  claims: readonly ExceptionClaim[],
  meter: MeterRow | undefined,
  policy: ExceptionPolicy,
): NotDecidableReason | null {
  if (!isAllowed(input.action, one, policy)) return 'action_not_for_kind'
  if (one.waitingDecision !== null) return 'waits_for_approval'
  if (input.action === 'accept' && one.kind === 'held_reading' && claims[(input.claim ?? 1) - 1] === undefined)
    return 'no_claim_to_accept'
  const fits = input.value === undefined || meter === undefined || fitsDisplay(input.value, meter)
  if (input.action !== 'correct') return null
  if (!fits) return 'value_does_not_fit_display'
  const addsUp = input.value === undefined || meter === undefined || tariffGapE4(input.value, meter) === 0n
  return addsUp ? null : 'value_does_not_add_up'
}

function toItem(one: OpenException, input: DecideInput, claims: readonly ExceptionClaim[]): DecisionItem {
  return {
    exceptionKey: one.exceptionKey,
    seenOrdinal: one.ordinal,
    seenRevision: one.seenRevision,
    value: valueOf(one, input, claims),
  }
}

function valueOf(
  one: OpenException,
  { action, value, claim }: DecideInput,
  claims: readonly ExceptionClaim[],
): DecisionItem['value'] {
  if (action === 'correct')
    return { registers: present(value, 'the value of a correction'), source: readingSources.corrected }
  if (action !== 'accept' || one.kind !== 'held_reading') return null
  const { registers, source } = present(claims[(claim ?? 1) - 1], 'a claim of the key')
  return { registers, source }
}

/** Keys that were named and are not open. */
function notFound(open: readonly OpenException[], { filter }: DecideInput): readonly LeftOut[] {
  const known = new Set(open.flatMap(({ exceptionKey, code }) => [exceptionKey, code]))
  return (filter.keys ?? [])
    .filter((key) => !known.has(key))
    .map((exceptionKey) => ({ exceptionKey, kind: 'not_open' }))
}

/** The id follows from what is decided about which openings: the same decision twice is one. */
function headOf(input: DecideInput, items: readonly DecisionItem[]): DecisionHead {
  const { action, reason, evidence, actor, now } = input
  const holdUntil = input.holdUntil ?? null
  const list = items.map(({ exceptionKey, seenOrdinal, seenRevision, value }) =>
    [exceptionKey, seenOrdinal, seenRevision ?? '', value?.registers.totalE4 ?? '', value?.registers.touE4 ?? ''].join(
      ' ',
    ),
  )
  return {
    decisionId: uuidOf('exception_decision', action, reason, evidence, actor, holdUntil ?? '', ...list),
    action,
    reason,
    evidence,
    selection: JSON.stringify(input.filter),
    holdUntil,
    undoes: null,
    actor,
    recordedAt: now,
  }
}
