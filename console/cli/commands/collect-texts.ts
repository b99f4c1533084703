import { beijing, localMinute } from '../../../domain/time.js'
import type { MeterId } from '../../../domain/reading.js'
import type { LaidDays } from '../../../headend/accounting/laid-days.js'
import { catchUpDays } from '../../../headend/acquisition/due-midnights.js'
import type { LineGap, NotAskable, OnceReport } from '../../../headend/node/collect-once.js'
import { attemptText } from '../attempt-words.js'
import { toJson } from '../json.js'
import { laidText } from '../laid-words.js'
import { textTable } from '../table.js'

export interface Head {
  /** ISO 8601; the newest midnight that is wanted. */
  readonly midnight: string
  /** Days of use that end with it. */
  readonly days: number
  readonly plan: number | null
  readonly laid: LaidDays
}

export interface Looked {
  readonly head: Head
  readonly gaps: readonly LineGap[]
}

type Say = (text: string) => void

const notAskableWords: Readonly<Record<NotAskable, string>> = {
  delivers_by_itself: '集中器自行上传 it delivers by itself',
  read_live: '即时示数，过时不可得 read live, the register of then is gone',
  memory_over: `超出冻结存储 ${catchUpDays} 天 beyond freeze memory`,
}

export function sayGaps(say: Say, json: boolean, { head, gaps }: Looked): void {
  const missing = sum(gaps.map((gap) => gap.missing.length))
  const askable = sum(gaps.map((gap) => gap.askable.length))
  const longestMs = Math.max(0, ...gaps.map((gap) => gap.predictedMs))
  if (json) return say(toJson({ ...headDocument(head), missing, askable, longestMs, lines: gaps.map(gapDocument) }))
  if (missing > 0) say(gapTable(gaps, missing, askable))
  const span = `截至 up to ${localMinute(beijing, Date.parse(head.midnight))}，${head.days} 天 days`
  say(
    missing === 0 ? `${span}：不缺 nothing is missing` : `${span}；最长的线路预计 longest line ${seconds(longestMs)} s`,
  )
  if (head.laid.laid < head.days) say(laidText(head.laid))
  for (const { line, unfit } of gaps.filter((gap) => gap.unfit.jobs > 0))
    say(
      `窗口排不下 the window does not hold it all: ${line.code}，${unfit.jobs} 点 points，缺时 airtime missing ${seconds(unfit.missingMs)} s`,
    )
}

function headDocument({ laid, ...head }: Head): object {
  return { ...head, daysLaid: laid.laid, daysNotLaid: laid.notLaid, daysBeforeFirst: laid.beforeFirst }
}

function gapDocument({ line, missing, askable, notAskable, predictedMs, unfit }: LineGap): object {
  return {
    line: line.code,
    kind: line.kind,
    missing: missing.length,
    askable: askable.length,
    notAskable,
    predictedMs,
    unfitJobs: unfit.jobs,
    missingMs: unfit.missingMs,
  }
}

function gapTable(gaps: readonly LineGap[], missing: number, askable: number): string {
  return textTable(
    ['线路 line', '方式 kind', '缺 missing', '可召 askable', '预计 predicted s', '不可召原因 why not'],
    [
      ...gaps
        .filter((gap) => gap.missing.length > 0)
        .map((gap) => [
          gap.line.code,
          gap.line.kind,
          gap.missing.length,
          gap.askable.length,
          seconds(gap.predictedMs),
          gap.notAskable === null ? '' : notAskableWords[gap.notAskable],
        ]),
      ['合计 total', '', missing, askable, seconds(sum(gaps.map((gap) => gap.predictedMs))), ''],
    ],
  )
}

const statusWords: Readonly<Record<OnceReport['status'], string>> = {
  passed: '已召一轮 passed',
  line_down: '线路不通 line_down',
  interrupted: '中断 interrupted',
  not_owner: '节点占用 not_owner',
}

export interface Collected {
  readonly head: Head
  readonly reports: readonly OnceReport[]
  readonly codeOf: (meterId: MeterId) => string
}

export function sayReports(say: Say, json: boolean, { head, reports, codeOf }: Collected): void {
  const read = sum(reports.map((each) => each.read))
  const open = sum(reports.map((each) => each.open))
  if (json) {
    const lines = reports.map(({ openMeters, ...each }) => ({
      ...each,
      openMeters: openMeters.map(({ meterId, ...rest }) => ({ meter: codeOf(meterId), ...rest })),
    }))
    return say(toJson({ ...headDocument(head), read, open, lines }))
  }
  if (reports.length === 0) return
  say(reportTable(reports, read, open))
  for (const report of reports) {
    const hint = hintOf(report)
    if (hint !== null) say(hint)
  }
  sayOpen(say, reports, codeOf)
}

function reportTable(reports: readonly OnceReport[], read: number, open: number): string {
  return textTable(
    ['线路 line', '结果 status', '应召 due', '读回 read', '未回 open', '预计 predicted s', '用时 took s'],
    [
      ...reports.map((each) => [
        each.line,
        statusWords[each.status],
        each.due,
        each.read,
        each.open,
        seconds(each.predictedMs),
        seconds(each.achievedMs),
      ]),
      ['合计 total', '', read + open, read, open, '', ''],
    ],
  )
}

/** What somebody may do about a line that was not read. */
function hintOf({ line, status, owner }: OnceReport): string | null {
  if (status === 'line_down')
    return `${line}：连不上 it cannot be reached; 查串口服务器、网络与供电 look at the serial server, the network, its supply`
  if (status === 'interrupted') return `${line}：中断，再运行一次即续 run it again to go on`
  if (status !== 'not_owner') return null
  const node = owner?.split('#')[0] ?? '?'
  return `${line}：节点 ${node} 占用此线路，自行补召 node ${node} has this line; it reads by itself`
}

const mostListed = 20

/** Lines that nobody came to talk on have one reason for all of their meters, which is said already. */
function sayOpen(say: Say, reports: readonly OnceReport[], codeOf: Collected['codeOf']): void {
  const open = reports
    .filter(({ status }) => status === 'passed' || status === 'interrupted')
    .flatMap(({ line, openMeters }) => openMeters.map((each) => ({ line, ...each })))
  if (open.length === 0) return
  say(
    textTable(
      ['未回电表 meter open', '线路 line', '点 points', '原因 cause'],
      open
        .slice(0, mostListed)
        .map(({ meterId, line, points, cause }) => [codeOf(meterId), line, points, attemptText(cause)]),
    ),
  )
  if (open.length > mostListed) say(`另 ${open.length - mostListed} 行，见 --json and ${open.length - mostListed} more`)
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
