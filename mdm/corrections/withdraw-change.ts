import type { CarriedValue, CorrectionChange, CorrectionTarget } from '../../domain/registry-correction.js'
import { ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything, segmentAt, type Segment } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import type { Row } from '../../storage/insert-rows.js'
import { lockValidation } from '../../storage/mdm/validation.js'
import { noteKey, type NotingKind } from '../../storage/registry/change-notes.js'
import { readLastRevision } from '../../storage/registry/last-revision.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import {
  findStandingExchange,
  withdrawExchange,
  withdrawFieldEvent,
  withdrawNotes,
  type WithdrawalStamp,
} from '../../storage/registry/withdrawals.js'
import type { ChangeRefused } from '../registry/change-refused.js'
import { measuringMeter } from '../registry/measuring-meter.js'
import { isSameContent } from '../registry/revise-object.js'
import { objectKeyOf, timelines } from './corrected-timelines.js'
import { type FoundTarget, nothingStands } from './correction-target.js'
import { undoStretch } from './undo-stretch.js'
import { withdrawAgreement } from './withdraw-agreement.js'

export interface CorrectionStamp extends WithdrawalStamp {
  readonly actor: string
}

/**
 * Takes out of what stands what a change said: its stretch of the timeline, the exchange and the notes that came with it. Nothing of it
 * is removed. @returns what is other in later versions that had copied it.
 */
export async function withdrawChange(
  tx: Transaction,
  change: CorrectionChange,
  target: FoundTarget,
  stamp: CorrectionStamp,
): Promise<Result<readonly CarriedValue[], ChangeRefused>> {
  const { of } = change
  const { at, object } = target
  if (of.kind === 'meter') return ok([])
  if (of.kind === 'field_event') {
    const meterId = present(object.meterId, 'the meter of an event')
    await withdrawFieldEvent(tx, { meterId, at, event: of.event }, stamp)
    return ok([])
  }
  if (of.kind === 'agreement') {
    const accountId = present(object.accountId, 'the account')
    return withdrawAgreement(tx, { accountId, at }, { ...stamp, reason: `correction ${change.document}` })
  }
  const usagePointId = present(object.usagePointId, 'the usage point')
  const meterIds = await notedMeters(tx, of.kind, usagePointId, at)
  const stretch = await withdrawStretch(tx, change, target, { ...stamp, kind: of.kind })
  if (!stretch.ok) return stretch
  if (of.kind === 'meter_exchange') await withdrawExchange(tx, { usagePointId, at }, stamp)
  if (notesDisplays(of.kind)) {
    await lockValidation(tx)
    const notedFor = noteKey(of.kind, usagePointId)
    const reason = `withdrawn: ${change.reason}`
    await withdrawNotes(tx, { notedFor, meterIds, usagePointId, at, reason }, stamp)
  }
  return ok([])
}

/** What a change of a timeline said is known by its usage point; agreements have more to them. */
type StretchKind = Exclude<CorrectionTarget['kind'], 'field_event' | 'meter' | 'agreement'>

function notesDisplays(kind: StretchKind): kind is NotingKind {
  return kind === 'meter_exchange' || kind === 'meter_removal' || kind === 'installation' || kind === 'multiplier'
}

/** The meters whose displays were noted at a change of before notes said which one they came with. */
async function notedMeters(
  tx: Transaction,
  kind: StretchKind,
  usagePointId: bigint,
  at: Instant,
): Promise<readonly bigint[]> {
  if (kind === 'meter_exchange') {
    const there = present(await findStandingExchange(tx, usagePointId, at), 'the exchange that stands')
    return [there.oldMeterId, there.newMeterId]
  }
  if (kind !== 'meter_removal' && kind !== 'multiplier') return []
  // Nothing measures from a removal on: the stretch that ended is the one that it ended.
  const meter = await measuringMeter(tx, usagePointId, kind === 'meter_removal' ? at - 1 : at)
  return meter === null ? [] : [meter.meterId]
}

/** The next revision, without what the change put there. */
async function withdrawStretch(
  tx: Transaction,
  { of, document }: CorrectionChange,
  { object, at }: FoundTarget,
  { actor, recordedAt, kind }: CorrectionStamp & { readonly kind: StretchKind },
): Promise<Result<null, ChangeRefused>> {
  const table = timelines[kind]
  const key = objectKeyOf(object)
  const last = await readLastRevision(tx, table, key)
  const segments = undoStretch(last.segments, at, isSameContent)
  if (segments === null) return nothingStands(of)
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
