import type { CorrectionTarget } from '../../domain/registry-correction.js'
import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Segment } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { readRevisions } from '../../storage/registry/last-revision.js'
import { countDescriptions } from '../../storage/registry/meter-descriptions.js'
import { findStandingExchange, standingFieldEvent } from '../../storage/registry/withdrawals.js'
import type { FoundTarget } from './correction-target.js'
import { objectKeyOf, timelines } from './corrected-timelines.js'
import { cutsAt } from './undo-stretch.js'

type Segments = readonly Segment<unknown>[]

/**
 * The number under which a change stands that is to be corrected: its own, or the revision of its timeline from which on it was said
 * without a break. Told anew after it was withdrawn it has another one. Null: no such change stands.
 */
export async function standingRevision(
  tx: Transaction,
  of: CorrectionTarget,
  { object, at }: FoundTarget,
): Promise<number | null> {
  if (of.kind === 'meter') return countDescriptions(tx, present(object.meterId, 'the meter'))
  if (of.kind === 'field_event')
    return standingFieldEvent(tx, { meterId: present(object.meterId, 'the meter of an event'), at, event: of.event })
  const exchange = object.usagePointId === null ? null : await findStandingExchange(tx, object.usagePointId, at)
  if (of.kind === 'meter_exchange') return exchange?.revision ?? null
  const saysSo = says[of.kind === 'meter_removal' || of.kind === 'installation' ? of.kind : 'cut']
  if (of.kind === 'installation' && exchange !== null) return null
  const revisions = await readRevisions(tx, timelines[of.kind], objectKeyOf(object))
  let told: number | null = null
  for (const { revision, segments } of revisions) told = saysSo(segments, at) ? (told ?? revision) : null
  return told
}

/** What a revision says where it speaks of a change: a meter that is taken away leaves nothing behind, one that is hung up begins. */
const says = {
  meter_removal: (segments: Segments, at: Instant) =>
    segments.some(({ to }) => to === at) && !segments.some(({ from }) => from === at),
  installation: (segments: Segments, at: Instant) => segments.some(({ from }) => from === at),
  cut: cutsAt,
} as const
