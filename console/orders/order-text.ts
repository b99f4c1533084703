import type { MeterOrder, OrderApproval } from '../../domain/meter-order.js'
import { beijing, localMinute } from '../../domain/time.js'
import type { OrderAttempt } from '../../storage/headend/order-attempts.js'
import type { ListedOrder, OrderResult } from '../../storage/headend/orders.js'
import { orderReasonText } from './order-refusal.js'

export interface ShownOrder {
  readonly order: MeterOrder
  readonly meterCode: string
  readonly approvals: readonly OrderApproval[]
  readonly approvalsNeeded: number | null
  readonly usedAt: number | null
  /** When nodes tried it and wrote nothing. */
  readonly attempts: readonly OrderAttempt[]
  readonly results: readonly OrderResult[]
}

/** What an approver must see before signing. */
export function orderText({
  order,
  meterCode,
  approvals,
  approvalsNeeded,
  usedAt,
  attempts,
  results,
}: ShownOrder): string {
  return [
    `指令 order     ${order.orderId}`,
    `电表 meter     ${meterCode} · 地址 address ${order.communicationAddress}`,
    `种类 kind      ${order.kind} ${JSON.stringify(order.parameters)}`,
    `口令 credential ${order.credentialCode ?? '—'}`,
    `原因 reason    ${order.reason}`,
    `提出 author    ${order.author} · ${localMinute(beijing, order.recordedAt)}`,
    `有效 valid     ${localMinute(beijing, order.notBefore)} – ${localMinute(beijing, order.expiresAt)}`,
    `摘要 digest    ${order.orderDigest.toString('hex')}`,
    `审批 approvals ${approvals.length} / ${approvalsNeeded ?? '—'}`,
    ...approvals.map(({ approver, approvedAt }) => `  ${approver} · ${localMinute(beijing, approvedAt)}`),
    `使用 used      ${usedAt === null ? '—' : localMinute(beijing, usedAt)}`,
    ...attempts.map(
      ({ triedAt, node, reason }) =>
        `未写 not sent  ${localMinute(beijing, triedAt)} · ${node} · ${orderReasonText(reason)}`,
    ),
    ...results.flatMap(({ ordinal, verdict, detail, requestTrace, answerTrace }) => [
      `结果 result ${ordinal}  ${verdict} · ${detail}`,
      ...(requestTrace === null ? [] : [`  → ${requestTrace}`]),
      ...(answerTrace === null ? [] : [`  ← ${answerTrace}`]),
    ]),
  ].join('\n')
}

export function orderJson(shown: ShownOrder): object {
  const { order, meterCode, approvals, approvalsNeeded, usedAt, attempts, results } = shown
  return {
    ...orderFields(order),
    meterCode,
    approvalsNeeded,
    approvals: approvals.map(({ approver, approvedAt }) => ({ approver, approvedAt: iso(approvedAt) })),
    usedAt: usedAt === null ? null : iso(usedAt),
    attempts: attempts.map((attempt) => ({ ...attempt, triedAt: iso(attempt.triedAt) })),
    results: results.map((result) => ({ ...result, recordedAt: iso(result.recordedAt) })),
  }
}

export function listedJson(listed: ListedOrder): object {
  const { meterCode, approvals, approvalsNeeded, usedAt, verdict } = listed
  return {
    ...orderFields(listed),
    meterCode,
    approvals,
    approvalsNeeded,
    usedAt: usedAt === null ? null : iso(usedAt),
    verdict,
  }
}

/** Where an order stands, in one word for a list. */
export function standingOf(
  { usedAt, verdict, approvals, approvalsNeeded, expiresAt }: ListedOrder,
  now: number,
): string {
  if (verdict !== null) return verdict
  if (usedAt !== null) return '已使用 used'
  if (expiresAt <= now) return '过期 expired'
  return approvals >= (approvalsNeeded ?? Number.POSITIVE_INFINITY) ? '已批 approved' : '待批 proposed'
}

function orderFields(order: MeterOrder): object {
  return {
    orderId: order.orderId,
    meterId: order.meterId,
    communicationAddress: order.communicationAddress,
    kind: order.kind,
    parameters: order.parameters,
    credentialCode: order.credentialCode,
    reason: order.reason,
    author: order.author,
    notBefore: iso(order.notBefore),
    expiresAt: iso(order.expiresAt),
    recordedAt: iso(order.recordedAt),
    digest: order.orderDigest.toString('hex'),
  }
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
