import { type ExceptionPolicy } from '../../domain/exception-policy.js'
import { yuan } from '../../domain/scaled.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
import { billAtRisk } from '../../mdm/exceptions/money-once.js'
import { urgencyFen, yuanAtRiskFen } from '../../mdm/exceptions/yuan-at-risk.js'
import { planDay, type Visitable } from '../../mdm/field-orders/plan-day.js'
import type { OpenFieldOrder } from '../../storage/mdm/field-orders.js'
import type { TableSheet } from '../files/write-table.js'

export type RankedOrder = OpenFieldOrder & Visitable & { readonly rank: number }

/** The orders of a day in the order of a walk; `rank` says which brings most by the day that is left. */
export function ordersOfDay(
  orders: readonly OpenFieldOrder[],
  policy: ExceptionPolicy,
  { now, visits }: { readonly now: Instant; readonly visits: number },
): readonly RankedOrder[] {
  const priced = orders.map((order) => ({
    ...order,
    place: order.usagePointCode,
    area: order.areaCode,
    address: order.supplyAddress,
    bill: billAtRisk({ ...order, periodStart: null }, order.fieldOrderId),
    riskFen: yuanAtRiskFen({ ...order, kind: order.kind ?? 'missing_reading' }, policy),
  }))
  const urgency = (order: Visitable) => urgencyFen(order.riskFen, order.dueAt, now)
  const byUrgency = priced.toSorted((a, b) => {
    const [first, other] = [urgency(a), urgency(b)]
    return first === other ? a.dueAt - b.dueAt || (a.place < b.place ? -1 : 1) : first > other ? -1 : 1
  })
  const rankOf = new Map(byUrgency.map(({ fieldOrderId }, index) => [fieldOrderId, index + 1]))
  return planDay(priced, { now, visits }).map((order) => ({ ...order, rank: rankOf.get(order.fieldOrderId) ?? 0 }))
}

/** Columns of a crew's sheet: what the office fills in may not be changed, what follows the crew fills in. */
export const orderColumns = [
  '补抄单号 order',
  '电表 meter',
  '示数时刻 registers of',
  '名次 rank',
  '台区 area',
  '地址 address',
  '计量点 usage point',
  '户号 account',
  '通信地址 comm. address',
  '原因 cause',
  '风险¥ at risk',
  '期限 due',
] as const
export const resultColumns = [
  '结果 outcome',
  '抄录 shown',
  '总 total',
  '费率1 tou1',
  '费率2 tou2',
  '费率3 tou3',
  '费率4 tou4',
  '抄表人 reader',
  '抄表时间 read on',
  '照片 photo',
] as const
const headings = [...orderColumns, ...resultColumns]

/** What a crew writes in the first two result columns. */
export const outcomeTexts = { read: '已抄', not_accessible: '未能入户', cancelled: '取消' } as const
export const shownTexts = { due_point: '冻结', visit: '当前' } as const

const instruction =
  '结果：已抄 / 未能入户 / 取消 · 抄录：冻结（示数时刻的冻结值）或 当前（到场时示数）· 抄表时间如 2026-07-03 09:30 · 照片编号必填 · 左侧各列勿改'

export function orderSheet(orders: readonly RankedOrder[]): TableSheet {
  return { name: '补抄', instruction, headings, rows: orders.map(cellsOf) }
}

function cellsOf(order: RankedOrder): readonly string[] {
  return [
    order.fieldOrderId,
    order.meterCode,
    localMinute(calendarFor(order.timeZone), order.readAt),
    String(order.rank),
    order.areaCode,
    order.supplyAddress,
    order.usagePointCode,
    order.accountCode ?? '',
    order.communicationAddress,
    order.cause,
    yuan(order.riskFen),
    localMinute(calendarFor(order.timeZone), order.dueAt),
    ...resultColumns.map(() => ''),
  ]
}
