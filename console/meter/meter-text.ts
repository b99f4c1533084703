import { curves } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import { roundTripQuantileMs } from '../../domain/round-trips.js'
import { formatScaled } from '../../domain/scaled.js'
import { beijing, type Instant, localMinute } from '../../domain/time.js'
import type { CommunicationRow } from '../../storage/headend/meter-statistics.js'
import { causeWords, outcomeWords, stepWords } from '../cli/due-words.js'
import { sourceText } from '../cli/reading-words.js'
import { textTable } from '../cli/table.js'
import { traceText } from '../frames/frame-trace.js'
import { correctionsTable } from '../registry/corrections-table.js'
import type { MeterScreen } from './load-meter-screen.js'

const minute = (instant: Instant): string => localMinute(beijing, instant)

/** The screen for people: what is not there is said in one word, so that a crew knows that it was looked for. */
export function meterText(screen: MeterScreen): string {
  const { frames } = screen
  return [
    textTable([`电表 meter ${screen.site.code}`, ''], siteRows(screen)),
    section('应采点 due points', pointTable(screen)),
    section('通信统计 communication', communicationTable(screen)),
    section('事件 events', eventTable(screen)),
    section('待执行指令 waiting orders', orderTable(screen)),
    section('免考核 exemptions', exemptionTable(screen)),
    section('档案更正 corrections', correctionTable(screen)),
    section('最近报文 last frames', frames.length === 0 ? null : traceText(frames, beijing)),
  ].join('\n')
}

function section(title: string, content: string | null): string {
  return content === null ? `${title}: 无 none` : `${title}\n${content}`
}

function siteRows(screen: MeterScreen): readonly (readonly string[])[] {
  const { site, concentrator, lastReading, clock, relay, curves: tails, from, through } = screen
  const { protocol, model, communicationAddress, usagePointCode, supplyAddress, installedFrom } = site
  const none = '无 none'
  return [
    ['通信 address', `${communicationAddress} · ${protocol} · ${model}`],
    ['用电地址 place', usagePointCode === null ? '未安装 hangs nowhere' : `${usagePointCode} · ${supplyAddress ?? ''}`],
    ['安装 installed', installedFrom === null ? none : minute(installedFrom)],
    ['线路 line', site.lineCode === null ? none : `${site.lineCode} · ${site.lineKind ?? ''}`],
    ...(site.lineKind === 'mqtt_concentrator' ? [['集中器 concentrator', concentratorText(concentrator)]] : []),
    ['台区 area · 班组 crew', `${site.areaCode ?? none} · ${site.crewCode ?? none}`],
    [
      '最近示数 last read',
      lastReading === null
        ? none
        : `${minute(lastReading.readAt)} · ${formatScaled(lastReading.totalE4, 4)} kWh · ${sourceText(sourceName(lastReading.source))}`,
    ],
    ['时钟 clock', clock === null ? '未核对 never checked' : clockText(clock.checked_at, clock.offset_ms, clock.class)],
    [
      '继电器 relay',
      relay === null
        ? '未读 never read'
        : `${minute(relay.readAt)} · ${relay.relayOpen ? '断开 open' : '闭合 closed'}${relay.relayOpen === relay.commandOpen ? '' : ' · 与命令不符 not as commanded'}`,
    ],
    ...tails.map((tail) => [
      `曲线 curve ${curveName(tail.curve)}`,
      `${tail.slots} 点 slots · 缺失 not in memory ${tail.absent} · 至 up to ${tail.lastSlotAt === null ? none : minute(tail.lastSlotAt)}`,
    ]),
    ['统计期 span', `${minute(from)} … ${minute(through)}`],
  ]
}

function concentratorText(state: MeterScreen['concentrator']): string {
  if (state === null) return '未知 unknown'
  return `${state.online ? '在线 online' : '离线 offline'} ${minute(state.since)}`
}

function clockText(checkedAt: Instant, offsetMs: bigint | null, judged: string): string {
  const offset = offsetMs === null ? '无时间 shows no time' : `${formatScaled(offsetMs, 3, 1)} s`
  return `${minute(checkedAt)} · ${offset} · ${judged}`
}

function pointTable({ points }: MeterScreen): string | null {
  if (points.length === 0) return null
  return textTable(
    ['示数时刻 registers of', '内容 template', '状态 state', '步骤 step', '期限 deadline', '原因 cause'],
    points.map(({ readAt, template, outcome, cause, step }) => [
      minute(readAt),
      template,
      outcomeWords[outcome],
      step === null ? '' : `${stepWords[step.step]} ${step.step}`,
      step === null ? '' : minute(step.deadline),
      cause === null ? '' : `${causeWords[cause]} ${cause}`,
    ]),
  )
}

function communicationTable({ communication: { meter, line } }: MeterScreen): string | null {
  const rows = [meter, line].filter((row) => row !== null)
  if (rows.length === 0) return null
  return textTable(
    [
      '对象 of',
      '请求 asked',
      '应答 replies',
      '超时 timeouts',
      '误码 damaged',
      '拒绝 refused',
      'p95 ms',
      '最近应答 last answer',
    ],
    rows.map((row) => [
      row.code,
      String(row.attempts),
      String(row.replies),
      String(row.timeouts),
      String(row.damaged),
      String(row.refused),
      String(p95(row) ?? '—'),
      row.last_contact_at === null ? '—' : minute(row.last_contact_at),
    ]),
  )
}

/** Bound of the round trips, in milliseconds, within which 95 of 100 lie; null where none was counted. */
export function p95({ round_trips: counts }: CommunicationRow): number | null {
  return roundTripQuantileMs(counts.map(Number), 0.95)
}

function eventTable({ events }: MeterScreen): string | null {
  if (events.length === 0) return null
  return textTable(
    ['发生 began', '事件 event', '结束 ended'],
    events.map((event) => [
      minute(event.occurred_at),
      event.kind,
      event.ended_at === null ? '—' : minute(event.ended_at),
    ]),
  )
}

function orderTable({ orders }: MeterScreen): string | null {
  if (orders.length === 0) return null
  return textTable(
    ['指令 order', '种类 kind', '提出 author', '审批 approvals', '失效 expires'],
    orders.map((order) => [
      order.orderId,
      order.kind,
      order.author,
      `${order.approvals}/${order.approvalsNeeded ?? '—'}`,
      minute(order.expiresAt),
    ]),
  )
}

function exemptionTable({ exemptions }: MeterScreen): string | null {
  if (exemptions.length === 0) return null
  return textTable(
    ['自 from', '至 to', '原因 reason', '批准 approver'],
    exemptions.map(({ fromAt, toAt, reason, approver }) => [
      minute(fromAt),
      minute(toAt),
      reason,
      approver ?? '待批 waits',
    ]),
  )
}

function correctionTable({ corrections }: MeterScreen): string | null {
  return corrections.length === 0 ? null : correctionsTable(corrections)
}

export function sourceName(code: number): string {
  return Object.entries(readingSources).find(([, value]) => value === code)?.[0] ?? String(code)
}

export function curveName(code: number): string {
  return Object.entries(curves).find(([, curve]) => curve.code === code)?.[0] ?? String(code)
}
