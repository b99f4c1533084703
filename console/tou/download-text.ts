import type { MeterOrder } from '../../domain/meter-order.js'
import { beijing, localMinute } from '../../domain/time.js'
import { touDownloadSchema } from '../../headend/orders/tou-download.js'
import { minuteText } from '../../mdm/tou-tables/day-slots.js'
import type { OrderGroup } from '../../storage/headend/order-groups.js'
import type { OrderResult } from '../../storage/headend/orders.js'
import { textTable } from '../cli/table.js'

export interface ShownDownload {
  readonly group: OrderGroup
  /** In the sequence of writing. */
  readonly orders: readonly MeterOrder[]
  /** The last of each order; null for one that was not written. */
  readonly results: readonly (OrderResult | null)[]
  readonly approvers: readonly string[]
}

/** A download as an approver sees it: the tables as data, and every write that follows from them. */
export function downloadText({ group, orders, results, approvers }: ShownDownload): string {
  const { target, zones, dayTables, switchAt } = touDownloadSchema.parse(group.parameters)
  const minute = (at: number) => localMinute(beijing, at)
  return [
    `下装 download ${group.groupId}`,
    `提出 author ${group.author} · ${group.reason}`,
    `有效 valid ${minute(group.notBefore)} … ${minute(group.expiresAt)} · 已审批 approved by ${approvers.join(', ') || '无 none'}`,
    `目标 target 时区 zone table ${target.zoneTable} · 时段 set of day tables ${target.dayTableSet} · 切换 changes over ${switchAt.replace('T', ' ')}`,
    `时区 zones ${zones.map(({ from, dayTable }) => `${from} → ${dayTable}`).join(', ')}`,
    ...dayTables.map(
      (slots, index) =>
        `时段表 day table ${index + 1}: ${slots.map(({ fromMinute, tariff }) => `${minuteText(fromMinute)} tou${tariff}`).join(', ')}`,
    ),
    textTable(
      ['次序 part', '项 item', '指令 order', '结果 result'],
      orders.map(({ orderId, parameters }, index) => [
        String(index + 1),
        itemOf(parameters),
        orderId,
        results[index]?.verdict ?? '未写 not written',
      ]),
    ),
  ].join('\n')
}

export function downloadJson({ group, orders, results, approvers }: ShownDownload): object {
  const iso = (at: number) => new Date(at).toISOString()
  const { groupId, author, reason, notBefore, expiresAt, groupDigest, parameters } = group
  return {
    download: groupId,
    author,
    reason,
    notBefore: iso(notBefore),
    expiresAt: iso(expiresAt),
    digest: groupDigest.toString('hex'),
    tables: parameters,
    approvers,
    parts: orders.map(({ orderId, kind, parameters: written }, index) => ({
      order: orderId,
      kind,
      item: itemOf(written),
      verdict: results[index]?.verdict ?? null,
      detail: results[index]?.detail ?? null,
    })),
  }
}

function itemOf(parameters: unknown): string {
  const { item } = parameters as { readonly item?: string }
  return item ?? ''
}
