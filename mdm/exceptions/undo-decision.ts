import { uuidOf } from '../../domain/ids.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  findDecision,
  insertDecision,
  readDecisionItems,
  type StoredDecision,
} from '../../storage/mdm/exception-decisions.js'

export interface UndoInput {
  readonly decisionId: string
  readonly reason: string
  readonly actor: string
  readonly now: Instant
}
export interface UndoRefused {
  readonly kind: 'decision_not_found' | 'undo_is_final'
}

/**
 * A counter decision about everything that one decided: whatever still stands as that left it goes back to what it was before, and one
 * that waits for approval is withdrawn. Where deciding took a second person, undoing what took effect does, too.
 */
export function undoDecision(
  console: Database,
  { decisionId, reason, actor, now }: UndoInput,
): Promise<Result<{ readonly outcome: 'created' | 'exists'; readonly decision: StoredDecision }, UndoRefused>> {
  return console.transaction(async (tx) => {
    const undone = await findDecision(tx, decisionId)
    if (undone === null) return err({ kind: 'decision_not_found' })
    if (undone.action === 'undo') return err({ kind: 'undo_is_final' })
    const counterId = uuidOf('exception_decision', 'undo', decisionId)
    const items = (await readDecisionItems(tx, decisionId)).map((item) => ({
      ...item,
      value: null,
      warnings: [],
      refused: false,
    }))
    const head = { action: 'undo', evidence: '', selection: decisionId, holdUntil: null, overrideCode: null } as const
    const isNew = await insertDecision(
      tx,
      { ...head, undoes: decisionId, decisionId: counterId, reason, actor, recordedAt: now },
      items,
    )
    const decision = present(await findDecision(tx, counterId), 'the counter decision')
    return ok({ outcome: isNew ? 'created' : 'exists', decision })
  })
}
