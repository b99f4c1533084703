import type { RegisterSet } from '../../domain/reading.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import { type Calendar, calendarFor, type Instant, localMinute } from '../../domain/time.js'
import { doDisagree } from '../../mdm/exceptions/judge-items.js'
import type { Evidence } from '../../mdm/exceptions/load-evidence.js'
import type { Suggestion } from '../../mdm/exceptions/suggestions/suggestion.js'
import type { DecidedItem, ExceptionClaim, StoredDecision } from '../../storage/mdm/exception-decisions.js'
import { attemptText } from '../cli/attempt-words.js'
import { localInstants } from '../cli/local-instants.js'
import { sourceText, verdictText } from '../cli/reading-words.js'
import { textTable } from '../cli/table.js'
import { fieldEventWords } from '../registry/field-event-words.js'
import { sourceName } from '../meter/meter-text.js'
import { askedLine, decisionJson, warningLines } from './decision-text.js'
import { ageText, iso, isoOrNull, type ListedException, listedJson, subjectOf } from './exception-list.js'
import { actionText, actionWords, kindText, nextActionWords, ruleText } from './exception-words.js'
import { sparkline } from './sparkline.js'

const chartDays = 30
type Minute = (instant: Instant) => string

/** Everything that a person needs to decide, on one screen. */
export function screenText(row: ListedException, evidence: Evidence, waiting: WaitingDecision | null = null): string {
  const { claims, neighbours, suggestion } = evidence
  const calendar = calendarFor(row.timeZone)
  const minute: Minute = (instant) => localMinute(calendar, instant)
  return [
    textTable([`${kindText(row.kind)} · ${row.code}`, ''], headRows(row, calendar)),
    ...(claims.length === 0 ? ['示数 values: 无 none'] : [claimTable(claims, calendar)]),
    ...chart(row, evidence, minute),
    ...(neighbours.length === 0
      ? []
      : [
          textTable(
            ['同台区当日 neighbours that day', '地址 address', 'kWh'],
            neighbours.map(({ meterCode, supplyAddress, usageE4 }) => [
              meterCode,
              supplyAddress,
              formatScaled(usageE4, 4, 2),
            ]),
          ),
        ]),
    ...fieldEventTable(evidence, calendar),
    eventLines(evidence, calendar),
    ...waitingLines(row, waiting),
    `建议 suggested: ${actionWords[suggestion.action]} ${suggestion.action} · ${suggestion.zh} · ${suggestion.en}`,
    `  ${commandOf(row, suggestion, doDisagree(claims))}`,
  ].join('\n')
}

/** A decision that waits for another person, with what it says of this exception. */
export interface WaitingDecision {
  readonly decision: StoredDecision
  readonly item: DecidedItem
}

/** What is to be approved, who asked for it, and how another person approves it. */
function waitingLines({ code }: ListedException, waiting: WaitingDecision | null): readonly string[] {
  if (waiting === null) return []
  const { decision, item } = waiting
  const { action, itemCount, decisionId, overrideCode } = decision
  const value =
    item.value === null
      ? ''
      : ` ${formatScaled(item.value.registers.totalE4, 4, 2)} kWh（tou1–4 ${touText(item.value.registers)}）`
  const named = itemCount === 1 ? code : decisionId.slice(0, 8)
  const override = overrideCode === null ? '' : ` --override ${overrideCode}`
  return [
    `待审批 to be approved: ${actionWords[action]} ${action}${value} · 决定 decision ${decisionId.slice(0, 8)} · 共 ${itemCount} 条 exceptions`,
    `  ${askedLine(decision)}`,
    ...warningLines([item]).map((line) => `  ${line}`),
    `  shuangwu exceptions approve ${named}${override} --actor …（经办人除外 not by ${decision.actor}）`,
  ]
}

function headRows(row: ListedException, calendar: Calendar): readonly (readonly string[])[] {
  const minute: Minute = (instant) => localMinute(calendar, instant)
  return [
    ['对象 subject', [subjectOf(row), row.accountCode, row.usagePointCode].filter((text) => text !== null).join(' · ')],
    ['地址 place', `${row.areaCode} · ${row.supplyAddress ?? ''}`],
    ['示数时刻 at', row.readAt === null ? '' : minute(row.readAt)],
    ...row.rules.map((rule) => ['规则 rule', ruleText(rule)]),
    ['说明 detail', attemptText(localInstants(row.detail, calendar))],
    ['责任 owner', row.owner],
    ['已 age · 期限 deadline', `${ageText(row.ageMs)} · ${minute(row.deadline)}${row.overdue ? ' 超期 overdue' : ''}`],
    ['风险 at risk', `¥${yuan(row.riskFen)}`],
    [
      '下一步 next',
      `${nextActionWords[row.next]} ${row.next}${row.waitingDecision === null ? '' : ` ${row.waitingDecision.slice(0, 8)}`}`,
    ],
  ]
}

/** The claims under one key, by the numbers that `--claim` takes. */
export function claimTable(claims: readonly ExceptionClaim[], calendar: Calendar): string {
  const minute: Minute = (instant) => localMinute(calendar, instant)
  return textTable(
    ['示数 value', '来源 source', '总 total', '尖峰平谷 tou1–4', '报文、依据 frame, document', '入库 recorded'],
    claims.map((claim, index) => claimRow(claim, index, minute)),
  )
}

function claimRow(claim: ExceptionClaim, index: number, minute: Minute): readonly string[] {
  const { registers, source, lineCode, lineSequence, frameReceivedAt, document, recordedAt } = claim
  const frame =
    lineCode === null
      ? (document ?? '—')
      : `${lineCode}#${lineSequence ?? ''} ${frameReceivedAt === null ? '' : minute(frameReceivedAt)}`
  return [
    String(index + 1),
    sourceText(sourceName(source)),
    formatScaled(registers.totalE4, 4, 2),
    touText(registers),
    frame,
    minute(recordedAt),
  ]
}

function touText({ touE4 }: RegisterSet): string {
  return touE4.map((value) => (value === null ? '—' : formatScaled(value, 4, 2))).join(' / ')
}

function chart(
  { readAt, timeZone }: ListedException,
  { history, after, usualE4PerDay }: Evidence,
  minute: Minute,
): readonly string[] {
  if (readAt === null) return []
  const { signs, largestE4 } = sparkline(history, { calendar: calendarFor(timeZone), through: readAt, days: chartDays })
  const usual = usualE4PerDay === null ? '' : ` · 日常 usual ${formatScaled(usualE4PerDay, 4, 2)} kWh`
  const next = after.map(
    ({ readAt: at, totalE4, verdict }) =>
      `${minute(at)} ${totalE4 === null ? '—' : formatScaled(totalE4, 4, 2)} ${verdictText(verdict)}`,
  )
  return [
    `近 ${chartDays} 日 last ${chartDays} days  ${signs}  最大 max ${formatScaled(largestE4, 4, 2)} kWh${usual}`,
    '  ▁▇ 日用电 usage · 无 nothing ? 待核 held ~ 估算 estimated ↓ 倒走 fell',
    ...(next.length === 0 ? [] : [`其后 afterwards  ${next.join(' · ')}`]),
  ]
}

function fieldEventTable({ fieldEvents }: Evidence, calendar: Calendar): readonly string[] {
  if (fieldEvents.length === 0) return []
  const rows = fieldEvents.map((one) => [
    localMinute(calendar, one.occurredAt),
    `${fieldEventWords[one.event]} ${one.event}`,
    one.person,
    one.sealsFound.join('、'),
    one.sealsPlaced.join('、'),
    [one.document, one.detail].filter((text) => text !== null).join(' · '),
    `${localMinute(calendar, one.recordedAt)} ${one.actor}`,
  ])
  return [textTable(fieldEventHeadings, rows)]
}

const fieldEventHeadings = [
  '封印与故障 seals and faults',
  '事件 event',
  '人员 person',
  '原封印 found',
  '新封印 placed',
  '工单 work order',
  '登记 recorded',
]

function eventLines({ events }: Evidence, calendar: Calendar): string {
  return events
    .map(({ event, detail, recordedAt, action, actor, approvers }) => {
      const by = actor === null ? '系统 system' : [actor, ...approvers].join(' + ')
      return `${localMinute(calendar, recordedAt)} ${event === 'opened' ? '立项 opened' : '办结 closed'} ${action === null ? '' : actionText(action)} · ${by} · ${attemptText(localInstants(detail, calendar))}`
    })
    .join('\n')
}

/** What to type to do what is suggested. */
function commandOf({ code }: ListedException, { action, claim, value }: Suggestion, isChoice: boolean): string {
  const registers = value === undefined ? '' : registerFlags(value)
  const which = action === 'accept' && isChoice ? ` --claim ${claim ?? 1}` : ''
  const until = action === 'hold' ? ' --until YYYY-MM-DD' : ''
  return `shuangwu exceptions decide ${code} --action ${action}${which}${registers}${until} --reason … --actor …`
}

function registerFlags({ totalE4, touE4 }: RegisterSet): string {
  const tou = touE4.map((value, index) => (value === null ? '' : ` --tou${index + 1} ${formatScaled(value, 4, 2)}`))
  return ` --total ${formatScaled(totalE4, 4, 2)}${tou.join('')} --evidence …`
}

export function screenJson(row: ListedException, evidence: Evidence, waiting: WaitingDecision | null = null) {
  const { claims, history, after, neighbours, events, fieldEvents, usualE4PerDay, suggestion } = evidence
  const dated = <T extends { readonly readAt: Instant }>(rows: readonly T[]) =>
    rows.map((each) => ({ ...each, readAt: iso(each.readAt) }))
  return {
    ...listedJson(row),
    claims: claims.map(({ frameReceivedAt, recordedAt, source, ...claim }) => ({
      ...claim,
      source: sourceName(source),
      frameReceivedAt: isoOrNull(frameReceivedAt),
      recordedAt: iso(recordedAt),
    })),
    history: dated(history),
    after: dated(after),
    neighbours,
    usualE4PerDay,
    events: events.map((event) => ({ ...event, recordedAt: iso(event.recordedAt) })),
    fieldEvents: fieldEvents.map((one) => ({
      ...one,
      occurredAt: iso(one.occurredAt),
      recordedAt: iso(one.recordedAt),
    })),
    suggestion,
    toBeApproved: waiting === null ? null : { ...decisionJson(waiting.decision), item: waiting.item },
  }
}
