import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Row } from '../../storage/insert-rows.js'
import type { FormerDecision, PendingItem } from '../../storage/mdm/exception-effects.js'
import { fromRegisters } from '../../storage/register-columns.js'
import type { Effect } from './effect-of.js'

/** Rows that an effect leaves; see `effectOf` for what each does. */
export function effectRow(item: PendingItem, effect: Effect, now: Instant): Row {
  return {
    decision_id: item.decisionId,
    exception_key: item.exceptionKey,
    outcome: outcomes[effect.does] ?? 'applied',
    validation_revision: revisionOf(item, effect),
    field_order_id: effect.does === 'visit' || effect.does === 'cancel_visit' ? effect.fieldOrderId : null,
    detail: detailOf(effect),
    recorded_at: now,
  }
}

function detailOf(effect: Effect): string {
  return effect.does === 'supersede' || effect.does === 'not_estimable' ? effect.detail : ''
}

const outcomes: Readonly<Partial<Record<Effect['does'], string>>> = {
  supersede: 'superseded',
  not_estimable: 'not_estimable',
}

function revisionOf(item: PendingItem, effect: Effect): number | null {
  if (effect.does === 'decide') return (item.lastRevision ?? 0) + 1
  return effect.does === 'restore' ? effect.nextRevision : null
}

/** The next revision of the decision on the reading; none where the effect touches no reading. */
export function readingRow(
  item: PendingItem,
  effect: Effect,
  former: FormerDecision | null,
  now: Instant,
): readonly Row[] {
  const revision = revisionOf(item, effect)
  if (revision === null) return []
  const key = {
    meter_id: present(item.meterId, 'a meter'),
    quantity: present(item.quantity, 'a quantity'),
    read_at: present(item.readAt, 'an instant'),
    revision,
    recorded_at: now,
  }
  if (effect.does === 'decide')
    return [
      {
        ...key,
        verdict: effect.verdict,
        ...fromRegisters(effect.registers),
        source: effect.source,
        rules: effect.rules,
        reason: item.reason,
        decided_by: item.actor,
      },
    ]
  if (former === null) return [{ ...key, verdict: 'held', rules: item.rules, reason: item.reason }]
  return [{ ...former.row, ...key }]
}

interface EventStamp {
  readonly now: Instant
  readonly deadline: Instant
  readonly policyRevision: number
}

/** The closing or opening that follows; none where the exception stays as it is. */
export function eventRow(item: PendingItem, effect: Effect, stamp: EventStamp): readonly Row[] {
  const event = eventOf(item, effect)
  if (event === null) return []
  const opened = event === 'opened'
  return [
    {
      exception_key: item.exceptionKey,
      ordinal: item.ordinal + 1,
      event,
      rules: opened ? item.rules : [],
      detail: opened ? item.detail : item.reason,
      evidence: opened ? item.evidence : {},
      deadline: opened ? stamp.deadline : null,
      policy_revision: stamp.policyRevision,
      decision_id: item.decisionId,
      recorded_at: stamp.now,
    },
  ]
}

function eventOf({ event }: PendingItem, { does }: Effect): 'opened' | 'closed' | null {
  if (does === 'decide' || does === 'close') return 'closed'
  if (does === 'reopen') return 'opened'
  return does === 'restore' && event === 'closed' ? 'opened' : null
}

/** A visit for the reading, asked for by a decision. */
export function orderRow(item: PendingItem, fieldOrderId: string, dueAt: Instant, now: Instant): Row {
  return {
    field_order_id: fieldOrderId,
    meter_id: present(item.meterId, 'a meter'),
    usage_point_id: present(item.usagePointId, 'a usage point'),
    read_at: present(item.readAt, 'an instant'),
    grid_cell_id: present(item.gridCellId, 'a grid cell'),
    cause: item.kind,
    due_at: dueAt,
    recorded_at: now,
  }
}
