import type { ExceptionPolicy } from '../../domain/exception-policy.js'
import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { yuan } from '../../domain/scaled.js'
import { calendarFor, dayMs, hourMs, type Instant, localMinute } from '../../domain/time.js'
import { billAtRisk, moneyOnce, most } from '../../mdm/exceptions/money-once.js'
import { type NextAction, nextAction } from '../../mdm/exceptions/next-action.js'
import { urgencyFen, yuanAtRiskFen } from '../../mdm/exceptions/yuan-at-risk.js'
import type { OpenException } from '../../storage/mdm/open-exceptions.js'
import { textTable } from '../cli/table.js'
import { kindText, nextActionWords, noCrewText, ruleText } from './exception-words.js'

export interface ListedException extends OpenException {
  readonly riskFen: bigint
  /** Which bill the money is of: an account and a month. */
  readonly bill: string
  /** A row above it in the list has the same bill at risk; its money is counted there. */
  readonly isCountedAbove: boolean
  readonly ageMs: number
  readonly overdue: boolean
  readonly next: NextAction
  /** Crew of the area, else the manager of the grid cell. */
  readonly owner: string
}

/**
 * Most urgent first: money by the day that is left, each bill once, so that one with many doubts comes no earlier than one with a single doubt
 * of the same money. What puts one bill at risk stands together. Ties by deadline and key.
 */
export function ranked(
  open: readonly OpenException[],
  policy: ExceptionPolicy,
  now: Instant,
): readonly ListedException[] {
  const listed = open.map((one) => ({
    row: { ...one, ...standingOf(one, policy, now) },
    urgency: urgencyOf(one, policy, now),
  }))
  const bills = [...groupBy(listed, ({ row }) => row.bill).values()].map((there) => ({
    there: there.toSorted((a, b) => descending(a.urgency, b.urgency) || byDeadline(a.row, b.row)).map(({ row }) => row),
    urgency: most(there.map(({ urgency }) => urgency)),
  }))
  return bills
    .toSorted(
      (a, b) =>
        descending(a.urgency, b.urgency) || byDeadline(present(a.there[0], 'a doubt'), present(b.there[0], 'a doubt')),
    )
    .flatMap(({ there }) => there.map((row, index) => ({ ...row, isCountedAbove: index > 0 })))
}

function byDeadline(a: OpenException, b: OpenException): number {
  return a.deadline - b.deadline || (a.exceptionKey < b.exceptionKey ? -1 : 1)
}

function urgencyOf(one: OpenException, policy: ExceptionPolicy, now: Instant): bigint {
  return urgencyFen(yuanAtRiskFen(one, policy), one.deadline, now)
}

function descending(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1
}

function standingOf(one: OpenException, policy: ExceptionPolicy, now: Instant) {
  return {
    riskFen: yuanAtRiskFen(one, policy),
    bill: billAtRisk(one, one.exceptionKey),
    ageMs: now - one.openedAt,
    overdue: one.deadline < now,
    next: nextAction(one, now),
    owner: one.crewCode ?? one.manager ?? noCrewText,
  }
}

const headings = [
  '#',
  '编号 code',
  '类别 kind',
  '对象 subject',
  '示数时刻 at',
  '规则 rules',
  '台区 area',
  '责任 owner',
  '风险¥ at risk',
  '已 age',
  '期限 deadline',
  '下一步 next',
]

/** One line each, numbered, so that a person goes through them by keyboard. */
export function listText(rows: readonly ListedException[]): string {
  return textTable(
    headings,
    rows.map((row, index) => [
      index + 1,
      row.code,
      kindText(row.kind),
      subjectOf(row),
      instantOf(row),
      row.rules.map(ruleText).join('\n'),
      row.areaCode,
      row.owner,
      row.isCountedAbove ? '已计入上列 above' : yuan(row.riskFen),
      ageText(row.ageMs),
      `${row.overdue ? '! ' : ''}${localMinute(calendarFor(row.timeZone), row.deadline)}`,
      `${nextActionWords[row.next]} ${row.next}`,
    ]),
    { spare: ['#', '已 age', '台区 area', '责任 owner'] },
  )
}

export function subjectOf({ meterCode, accountCode, areaCode }: OpenException): string {
  return meterCode ?? accountCode ?? areaCode
}

function instantOf({ readAt, periodStart, timeZone }: OpenException): string {
  const at = readAt ?? periodStart
  return at === null ? '' : localMinute(calendarFor(timeZone), at)
}

export function ageText(ageMs: number): string {
  return ageMs >= 2 * dayMs ? `${Math.floor(ageMs / dayMs)} d` : `${Math.max(0, Math.floor(ageMs / hourMs))} h`
}

export type Grouping = 'crew' | 'area' | 'rule' | 'kind'
export interface GroupedExceptions {
  readonly group: string
  readonly open: number
  readonly overdue: number
  readonly riskFen: bigint
  readonly oldestMs: number
}

/** Counts by a level, most money first. By rule an exception counts under each rule that spoke. */
export function grouped(rows: readonly ListedException[], by: Grouping): readonly GroupedExceptions[] {
  const placed = rows.flatMap((row) => groupsOf(row, by).map((group) => ({ group, row })))
  return [...groupBy(placed, ({ group }) => group)]
    .map(([group, there]) => ({
      group,
      open: there.length,
      overdue: there.filter(({ row }) => row.overdue).length,
      riskFen: moneyOnce(
        there,
        ({ row }) => row.bill,
        ({ row }) => row.riskFen,
      ),
      oldestMs: there.reduce((oldest, { row }) => Math.max(oldest, row.ageMs), 0),
    }))
    .toSorted((a, b) => descending(a.riskFen, b.riskFen) || (a.group < b.group ? -1 : 1))
}

function groupsOf(row: ListedException, by: Grouping): readonly string[] {
  if (by === 'rule') return row.rules
  return [by === 'crew' ? row.owner : by === 'area' ? row.areaCode : row.kind]
}

/** With the money of all of them: by rule and by kind an account's month counts in each group that it is in. */
export function groupedText(groups: readonly GroupedExceptions[], by: Grouping, allFen: bigint): string {
  const word = by === 'rule' ? ruleText : by === 'kind' ? kindText : (text: string) => text
  const table = textTable(
    [groupHeadings[by], '未结 open', '超期 overdue', '风险¥ at risk', '最久 oldest'],
    groups.map(({ group, open, overdue, riskFen, oldestMs }) => [
      word(group),
      open,
      overdue,
      yuan(riskFen),
      ageText(oldestMs),
    ]),
  )
  return `${table}\n合计风险 all of them ¥${yuan(allFen)}（一户一月只计一次，跨行可重复 an account's month counts once, and may stand in several rows）`
}

/** Money at risk, each account and month once. */
export function allAtRisk(rows: readonly ListedException[]): bigint {
  return moneyOnce(
    rows,
    ({ bill }) => bill,
    ({ riskFen }) => riskFen,
  )
}

const groupHeadings: Readonly<Record<Grouping, string>> = {
  crew: '责任 owner',
  area: '台区 area',
  rule: '规则 rule',
  kind: '类别 kind',
}

export function listedJson(row: ListedException) {
  const { deadline, openedAt, readAt, periodStart, holdUntil, meterId: _, usagePointId: __, ...rest } = row
  return {
    ...rest,
    openedAt: iso(openedAt),
    deadline: iso(deadline),
    readAt: isoOrNull(readAt),
    periodStart: isoOrNull(periodStart),
    holdUntil: isoOrNull(holdUntil),
  }
}

export function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}

export function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : iso(instant)
}
