import { uuidOf } from '../../domain/ids.js'
import type { RegisterSet } from '../../domain/reading.js'
import { present, unreachable } from '../../domain/result.js'
import type { PendingItem } from '../../storage/mdm/exception-effects.js'
import type { EstimateResult, NotEstimableRefused } from './estimate-keys.js'

/** What an approved decision does to one exception; pure, so that it can be looked at before it happens. */
export type Effect =
  | { readonly does: 'supersede'; readonly detail: string }
  | { readonly does: 'not_estimable'; readonly detail: NotEstimableRefused['kind'] }
  /** Writes the value as the next revision of the reading's decision and closes. */
  | {
      readonly does: 'decide'
      readonly verdict: 'accepted' | 'estimated'
      readonly registers: RegisterSet
      readonly source: number | null
      readonly rules: readonly string[]
    }
  | { readonly does: 'close' }
  /** Held until a date, or refused: it stays open and says so. */
  | { readonly does: 'note' }
  | { readonly does: 'visit'; readonly fieldOrderId: string; readonly isNew: boolean }
  /** Back to the revision before; null where there was none. `reopen` where the decision had closed it. */
  | { readonly does: 'restore'; readonly formerRevision: number | null; readonly nextRevision: number }
  | { readonly does: 'reopen' }
  | { readonly does: 'cancel_visit'; readonly fieldOrderId: string }

/** Kinds that stay open when their value is refused: a reading without a value still has to get one. */
const staysOpenWhenRejected: ReadonlySet<string> = new Set(['held_reading', 'missing_reading'])

/** `estimate`: what was worked out for an item that asks for one. */
export function effectOf(item: PendingItem, estimate: EstimateResult): Effect {
  if (item.action === 'undo') return undoOf(item)
  if (item.event !== 'opened' || item.ordinal !== item.seenOrdinal)
    return { does: 'supersede', detail: 'it is no longer the exception that was decided about' }
  if (item.lastRevision !== item.seenRevision)
    return { does: 'supersede', detail: 'the reading was decided anew in between' }
  switch (item.action) {
    case 'accept':
      return item.value === null
        ? { does: 'close' }
        : { does: 'decide', verdict: 'accepted', ...item.value, rules: item.rules }
    case 'correct':
      return {
        does: 'decide',
        verdict: 'accepted',
        ...present(item.value, 'the value of a correction'),
        rules: item.warnings,
      }
    case 'estimate':
      return estimateOf(estimate)
    case 'hold':
      return { does: 'note' }
    case 'reject':
      return { does: staysOpenWhenRejected.has(item.kind) ? 'note' : 'close' }
    case 'field_order':
      return visitOf(item)
    default:
      return unreachable(item.action)
  }
}

function estimateOf(result: EstimateResult): Effect {
  if (!result.ok) return { does: 'not_estimable', detail: result.error.kind }
  const { registers, method } = result.value.estimate
  return { does: 'decide', verdict: 'estimated', registers, source: null, rules: [method] }
}

function visitOf({ openOrder, decisionId, exceptionKey }: PendingItem): Effect {
  if (openOrder !== null) return { does: 'visit', fieldOrderId: openOrder, isNew: false }
  return { does: 'visit', fieldOrderId: uuidOf('field_order', decisionId, exceptionKey), isNew: true }
}

/** Only what still stands as the decision left it goes back; what came later is not touched. */
function undoOf(item: PendingItem): Effect {
  const undone = item.undone
  if (undone === null || undone.outcome !== 'applied') return { does: 'note' }
  if (undone.action === 'hold') return { does: 'note' }
  if (undone.action === 'field_order') return visitUndone(undone)
  if (undone.validationRevision === null)
    return staysOpenWhenRejected.has(item.kind) && undone.action === 'reject' ? { does: 'note' } : reopen(item)
  if (item.lastRevision !== undone.validationRevision)
    return { does: 'supersede', detail: 'the reading was decided anew in between' }
  const formerRevision = undone.validationRevision > 1 ? undone.validationRevision - 1 : null
  return { does: 'restore', formerRevision, nextRevision: undone.validationRevision + 1 }
}

function visitUndone({ fieldOrderAnswered, fieldOrderId }: NonNullable<PendingItem['undone']>): Effect {
  if (fieldOrderAnswered || fieldOrderId === null) return { does: 'supersede', detail: 'the visit has been made' }
  return { does: 'cancel_visit', fieldOrderId }
}

function reopen({ event }: PendingItem): Effect {
  return event === 'closed' ? { does: 'reopen' } : { does: 'supersede', detail: 'it is open again already' }
}
