import type { MeterOrder } from '../../domain/meter-order.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Queryable } from '../../storage/database.js'
import { latestCredentialVersion } from '../../storage/headend/meter-credentials.js'
import { findMeterByCode, findOrder, findOrderRule, insertOrder } from '../../storage/headend/orders.js'
import { orderDigestOf, orderIdOf } from './order-digest.js'
import { needsCredential, type OrderActError, parseOrderAct } from './order-kinds.js'

export interface OrderProposal {
  readonly meterCode: string
  readonly kind: string
  readonly parameters: unknown
  readonly credentialCode: string | null
  readonly reason: string
  readonly author: string
  readonly notBefore: Instant
  readonly expiresAt: Instant
}

export type ProposeOrderError =
  | OrderActError
  | { readonly kind: 'meter_unknown' | 'actor_unknown' | 'credential_missing' | 'reason_missing' }
  /** The meter hangs behind a concentrator or on a Modbus line: nobody would ever carry the order out. */
  | { readonly kind: 'line_kind_unsupported' }
  | { readonly kind: 'validity_wrong'; readonly longestMinutes: number }

export interface ProposedOrder {
  readonly kind: 'created' | 'exists'
  readonly order: MeterOrder
  readonly approvalsNeeded: number
}

/** Puts an order on record, with every default written out, so that an approver sees all of it. Nothing is sent. */
export async function proposeOrder(
  database: Queryable,
  clock: Clock,
  proposal: OrderProposal,
): Promise<Result<ProposedOrder, ProposeOrderError>> {
  const act = parseOrderAct(proposal.kind, proposal.parameters)
  if (!act.ok) return act
  const recordedAt = clock.now()
  const { kind, ...parameters } = act.value
  const { meterCode, author, notBefore, expiresAt } = proposal
  const reason = proposal.reason.trim()
  const credentialCode = needsCredential(kind) ? proposal.credentialCode : null
  if (reason.length === 0 || reason.length > mostReasonLength) return err({ kind: 'reason_missing' })
  if ((await findActorKind(database, author)) === null) return err({ kind: 'actor_unknown' })
  const meter = await findMeterByCode(database, meterCode, recordedAt)
  if (meter === null) return err({ kind: 'meter_unknown' })
  if (meter.lineKind !== null && !carriesOrders(meter.lineKind)) return err({ kind: 'line_kind_unsupported' })
  const rule = await findOrderRule(database, kind, recordedAt)
  if (rule === null) return err({ kind: 'kind_unknown' })
  const isValidityRight = notBefore < expiresAt && expiresAt - notBefore <= rule.longestMinutes * minuteMs
  if (!isValidityRight || expiresAt <= recordedAt)
    return err({ kind: 'validity_wrong', longestMinutes: rule.longestMinutes })
  if (needsCredential(kind) && !(await hasCredential(database, credentialCode)))
    return err({ kind: 'credential_missing' })
  const { meterId, communicationAddress } = meter
  const content = {
    meterId,
    communicationAddress,
    kind,
    parameters,
    credentialCode,
    reason,
    author,
    notBefore,
    expiresAt,
  }
  const named = { ...content, orderId: orderIdOf(content), recordedAt }
  const order = { ...named, orderDigest: orderDigestOf(named) }
  const isNew = await insertOrder(database, order)
  const stored = isNew ? order : present(await findOrder(database, order.orderId), order.orderId)
  return ok({ kind: isNew ? 'created' : 'exists', order: stored, approvalsNeeded: rule.approvals })
}

const mostReasonLength = 400

/** When a concentrator passes a frame on, nobody can say; Modbus meters are read and nothing else. */
function carriesOrders(lineKind: string): boolean {
  return lineKind === 'dlt645_tcp' || lineKind === 'dlt645_serial'
}

async function hasCredential(database: Queryable, code: string | null): Promise<boolean> {
  return code !== null && (await latestCredentialVersion(database, code)) > 0
}
