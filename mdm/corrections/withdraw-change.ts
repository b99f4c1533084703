import type { CorrectionChange, CorrectionTarget } from '../../domain/registry-correction.js'
import { ok, present, type Result, unreachable } from '../../domain/result.js'
import { beforeEverything, segmentAt, type Segment } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import type { Row } from '../../storage/insert-rows.js'
import { lockValidation } from '../../storage/mdm/validation.js'
import { type PlainRow, readRevisions, type TimelineTable } from '../../storage/registry/last-revision.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import {
  findStandingExchange,
  withdrawExchange,
  withdrawFieldEvent,
  withdrawNotes,
  type WithdrawalStamp,
} from '../../storage/registry/withdrawals.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'
import { measuringMeter } from '../registry/measuring-meter.js'
import { isSameContent } from '../registry/revise-object.js'
import { agreementGround } from './agreement-ground.js'
import type { FoundTarget } from './correction-target.js'
import { undoStretch } from './undo-stretch.js'

export interface CorrectionStamp extends WithdrawalStamp {
  readonly actor: string
}

/**
 * Takes out of what stands what a change said: its stretch of the timeline, the exchange and the notes that came with it. Nothing of it
 * is removed. `nothing_to_correct` where no such change stands.
 */
export async function withdrawChange(
  tx: Transaction,
  change: CorrectionChange,
  target: FoundTarget,
  stamp: CorrectionStamp,
): Promise<Result<null, ChangeRefused>> {
  const { of } = change
  const { at, object } = target
  if (of.kind === 'field_event') {
    const meterId = present(object.meterId, 'the meter of an event')
    const withdrawn = await withdrawFieldEvent(tx, { meterId, at, event: of.event }, stamp)
    return withdrawn === 0 ? nothing(of) : ok(null)
  }
  const noted = await notedMeters(tx, of, target)
  if (noted === null) return nothing(of)
  const stretch = await withdrawStretch(tx, change, target, stamp)
  if (!stretch.ok) return stretch
  if (of.kind === 'meter_exchange')
    await withdrawExchange(tx, { usagePointId: present(object.usagePointId, 'the usage point'), at }, stamp)
  if (noted.length > 0) {
    await lockValidation(tx)
    await withdrawNotes(tx, { meterIds: noted, at, reason: `withdrawn: ${change.reason}` }, stamp)
  }
  return ok(null)
}

function nothing(of: CorrectionTarget) {
  return refuse('nothing_to_correct', `no ${of.kind} of ${of.at} stands there`)
}

/** The meters whose displays were noted at a change; null where there is no such change. */
async function notedMeters(
  tx: Transaction,
  of: CorrectionTarget,
  { object, at }: FoundTarget,
): Promise<readonly bigint[] | null> {
  const usagePointId = object.usagePointId ?? 0n
  switch (of.kind) {
    case 'meter_exchange': {
      const there = await findStandingExchange(tx, usagePointId, at)
      return there === null ? null : [there.oldMeterId, there.newMeterId]
    }
    case 'meter_removal': {
      // Nothing measures from then on: the stretch that ended is the one that the removal ended.
      if ((await measuringMeter(tx, usagePointId, at)) !== null) return null
      const removed = await measuringMeter(tx, usagePointId, at - 1)
      return removed === null ? null : [removed.meterId]
    }
    case 'multiplier': {
      const meter = await measuringMeter(tx, usagePointId, at)
      return meter === null ? [] : [meter.meterId]
    }
    case 'agreement':
    case 'relation':
    case 'flow':
    case 'transformer':
    case 'field_event':
      return []
    default:
      return unreachable(of)
  }
}

const timelines = {
  meter_exchange: 'installation_timeline',
  meter_removal: 'installation_timeline',
  multiplier: 'multiplier_timeline',
  agreement: 'agreement_timeline',
  relation: 'relation_timeline',
  flow: 'flow_timeline',
  transformer: 'transformer_timeline',
} as const satisfies Readonly<Record<Exclude<CorrectionTarget['kind'], 'field_event'>, TimelineTable>>

/** The next revision, without what the change put there. `nothing_to_correct` where nothing of the kind begins or ends then. */
async function withdrawStretch(
  tx: Transaction,
  { of, document }: CorrectionChange,
  { object, at }: FoundTarget,
  { actor, recordedAt }: CorrectionStamp,
): Promise<Result<null, ChangeRefused>> {
  if (of.kind === 'field_event') return nothing(of)
  const table = timelines[of.kind]
  const key: PlainRow =
    object.accountId === null ? { usage_point_id: object.usagePointId } : { account_id: object.accountId }
  const revisions = await readRevisions(tx, table, key)
  const last = revisions.at(-1)
  const segments = last === undefined ? null : undoStretch(last.segments, at, isSameContent)
  if (segments === null || last === undefined) return nothing(of)
  const grounded = of.kind === 'agreement' ? agreementGround(last.segments, at) : ok(null)
  if (!grounded.ok) return grounded
  const rows = orBeforeEverything(segments, last.segments, at).map((segment) => ({
    ...key,
    ...segment.value,
    revision: last.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    reason: `correction ${document}`,
    recorded_at: recordedAt,
    actor_id: actor,
  }))
  await insertRegistryRows(tx, table, rows)
  return ok(null)
}

/** A revision has to say something: of what began with the change, and is not at all, that it was before everything. */
function orBeforeEverything(
  segments: readonly Segment<Row>[],
  last: readonly Segment<Row>[],
  at: number,
): readonly Segment<Row>[] {
  if (segments.length > 0) return segments
  return [{ ...beforeEverything, value: present(segmentAt(last, at), 'what is withdrawn').value }]
}
