import { uuidOf } from '../../domain/ids.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Database } from '../../storage/database.js'
import {
  type DecisionHead,
  type DecisionItem,
  findDecision,
  insertDecision,
  type StoredDecision,
} from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions, type OpenException } from '../../storage/mdm/open-exceptions.js'
import type { DecideInput, LeftOut } from './decide-input.js'
import { judgeItems } from './judge-items.js'
import { type ItemPreview, previewItems } from './preview-items.js'

export interface DecideReport {
  /** Null in a dry run. */
  readonly decision: StoredDecision | null
  readonly outcome: 'created' | 'exists' | 'dry_run'
  readonly items: readonly DecisionItem[]
  /** In a dry run what each item would change; otherwise empty. */
  readonly previews: readonly ItemPreview[]
  readonly leftOut: readonly LeftOut[]
}
export interface DecideRefused {
  readonly kind: 'nothing_to_decide' | 'one_value_for_one_exception' | 'hold_until_past'
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
    if (input.holdUntil !== undefined && input.holdUntil <= input.now)
      return err({ kind: 'hold_until_past', leftOut: [] })
    const open = await findOpenExceptions(tx, input.now, input.filter)
    if (input.action === 'correct' && open.length > 1) return err({ kind: 'one_value_for_one_exception', leftOut: [] })
    const judged = await judgeItems(tx, open, input)
    const leftOut = [...judged.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])), ...notFound(open, input)]
    const items = judged.flatMap(({ item }) => (item === null ? [] : [item]))
    if (items.length === 0) return err({ kind: 'nothing_to_decide', leftOut })
    if (input.dryRun === true) {
      const previews = await previewItems(tx, open, items, input)
      return ok({ decision: null, outcome: 'dry_run', items, previews, leftOut })
    }
    const head = headOf(input, items)
    const isNew = await insertDecision(tx, head, items)
    const decision = present(await findDecision(tx, head.decisionId), 'the decision')
    return ok({ decision, outcome: isNew ? 'created' : 'exists', items, previews: [], leftOut })
  })
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
  const overrideCode = items.some(({ refused }) => refused) ? (input.overrideCode ?? null) : null
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
    overrideCode,
    undoes: null,
    actor,
    recordedAt: now,
  }
}
