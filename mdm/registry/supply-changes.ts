import type {
  AreaSupplyChange,
  ContactChange,
  FlowChange,
  RelationChange,
  TransformerChange,
} from '../../domain/registry-change.js'
import { present, type Result } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Transaction } from '../../storage/database.js'
import { findAccount, findUsagePoint } from '../../storage/registry/changes.js'
import { findTransformerArea } from '../../storage/registry/crews.js'
import { findOtherNameplate } from '../../storage/registry/last-revision.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'
import { reviseObject } from './revise-object.js'

type Outcome = Promise<Result<ChangeOutcome, ChangeRefused>>

/** Circles are refused by the database, whoever made the other half of them. */
export async function changeRelation(tx: Transaction, change: RelationChange, stamp: Stamp): Outcome {
  const { usagePoint, at, relation } = change
  if (relation?.parent === usagePoint) return refuse('part_of_itself', `${usagePoint} is named as its own parent`)
  const point = await findUsagePoint(tx, usagePoint)
  const parent = relation === null ? null : await findUsagePoint(tx, relation.parent)
  if (point === null || (relation !== null && parent === null))
    return refuse(
      'unknown_code',
      `usage point ${point === null ? usagePoint : relation?.parent} is not in the registry`,
    )
  const value =
    relation === null || parent === null
      ? null
      : {
          parent_id: parent.usagePointId,
          kind: relation.kind,
          share_e6: relation.kind === 'share' ? Number(scaled(relation.share, 6)) : null,
          quantity_e4: relation.kind === 'quantity' ? scaled(relation.quantityKwh, 4) : null,
        }
  const object = { usage_point_id: point.usagePointId }
  return reviseObject(
    tx,
    { table: 'relation_timeline', object, at, value, reason: `relation ${change.document}` },
    stamp,
  )
}

export async function changeFlow(tx: Transaction, change: FlowChange, stamp: Stamp): Outcome {
  const { usagePoint, at, direction } = change
  const point = await findUsagePoint(tx, usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${usagePoint} is not in the registry`)
  const value = direction === null ? null : { direction }
  const object = { usage_point_id: point.usagePointId }
  return reviseObject(tx, { table: 'flow_timeline', object, at, value, reason: `flow ${change.document}` }, stamp)
}

/** Usage points behind one transformer share its losses, so that all of them say the same of it. */
export async function changeTransformer(tx: Transaction, change: TransformerChange, stamp: Stamp): Outcome {
  const { usagePoint, at, transformer } = change
  const point = await findUsagePoint(tx, usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${usagePoint} is not in the registry`)
  const value =
    transformer === null
      ? null
      : {
          transformer_code: transformer.transformer,
          rated_kva: transformer.ratedKva,
          no_load_loss_kw_e4: scaled(transformer.noLoadLossKw, 4),
          load_loss_kw_e4: scaled(transformer.loadLossKw, 4),
          no_load_current_e4:
            transformer.noLoadCurrentPercent === undefined ? null : scaled(transformer.noLoadCurrentPercent, 4),
          impedance_e4: transformer.impedancePercent === undefined ? null : scaled(transformer.impedancePercent, 4),
          metering_side: transformer.meteringSide,
        }
  const other = value === null ? null : await findOtherNameplate(tx, point.usagePointId, value)
  if (other !== null)
    return refuse(
      'exists_with_different_content',
      `${other} is behind a transformer of that code with another nameplate`,
    )
  const object = { usage_point_id: point.usagePointId }
  const reason = `transformer ${change.document}`
  return reviseObject(tx, { table: 'transformer_timeline', object, at, value, reason }, stamp)
}

export async function changeAreaSupply(tx: Transaction, change: AreaSupplyChange, stamp: Stamp): Outcome {
  const { usagePoint, transformerArea, at, isSupplied } = change
  const point = await findUsagePoint(tx, usagePoint)
  const areaId = await findTransformerArea(tx, transformerArea)
  if (point === null || areaId === null)
    return refuse('unknown_code', `${point === null ? usagePoint : transformerArea} is not in the registry`)
  const object = { transformer_area_id: areaId, usage_point_id: point.usagePointId }
  const reason = `area supply ${change.document}`
  return reviseObject(tx, { table: 'area_supply_timeline', object, at, value: isSupplied ? {} : null, reason }, stamp)
}

/** Where an account may be written to, and on which ground; who is no longer to be written to there stays on record. */
export async function changeContact(tx: Transaction, change: ContactChange, stamp: Stamp): Outcome {
  const { account, channel, at, contact } = change
  const accountId = await findAccount(tx, account)
  if (accountId === null) return refuse('unknown_code', `account ${account} is not in the registry`)
  const value =
    contact === null
      ? null
      : {
          address: contact.address,
          purpose: 'contract',
          consent_evidence: contact.consentEvidence,
          verified: contact.verified,
        }
  const object = { account_id: accountId, channel }
  return reviseObject(tx, { table: 'contact_timeline', object, at, value, reason: `contact ${change.document}` }, stamp)
}

function scaled(text: string, scale: 4 | 6): bigint {
  return present(parseScaled(text, scale), `a checked decimal, not ${text}`)
}
