import type { CorrectionTarget } from '../../domain/registry-correction.js'
import type { CorrectedObject } from '../../storage/registry/corrections.js'
import type { PlainRow, TimelineTable } from '../../storage/registry/last-revision.js'

/** Which timeline says what a change of the kind said. */
export const timelines = {
  meter_exchange: 'installation_timeline',
  meter_removal: 'installation_timeline',
  installation: 'installation_timeline',
  multiplier: 'multiplier_timeline',
  agreement: 'agreement_timeline',
  relation: 'relation_timeline',
  flow: 'flow_timeline',
  transformer: 'transformer_timeline',
} as const satisfies Readonly<Record<Exclude<CorrectionTarget['kind'], 'field_event' | 'meter'>, TimelineTable>>

/** The key columns of an object that is corrected. */
export function objectKeyOf({ accountId, usagePointId }: CorrectedObject): PlainRow {
  return accountId === null ? { usage_point_id: usagePointId } : { account_id: accountId }
}
