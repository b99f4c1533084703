import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { loadEvidence } from '../../../mdm/exceptions/load-evidence.js'
import { loadExceptionPolicy } from '../../../mdm/exceptions/load-policy.js'
import type { Queryable } from '../../../storage/database.js'
import { crewScores } from '../../../storage/mdm/exception-scores.js'
import { findDecision, readDecisionItems } from '../../../storage/mdm/exception-decisions.js'
import { findOpenExceptions, type OpenExceptionFilter } from '../../../storage/mdm/open-exceptions.js'
import {
  grouped,
  allAtRisk,
  groupedText,
  type Grouping,
  listedJson,
  type ListedException,
  listText,
  ranked,
} from '../../exceptions/exception-list.js'
import { resolveFilter } from '../../exceptions/filter-flags.js'
import { screenJson, screenText, type WaitingDecision } from '../../exceptions/exception-screen.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface ListFlags {
  readonly by?: Grouping
  readonly crew?: string
  readonly area?: string
  readonly kind?: string
  readonly rule?: string
  readonly limit: string
  readonly json?: true
}

export function addExceptionsListCommands(exceptions: Command, io: Io): void {
  exceptions
    .command('list')
    .description('未结异常，最急在前 what is open, most money by the day that is left first')
    .addOption(new Option('--by <level>', '汇总 counts by').choices(['crew', 'area', 'rule', 'kind']))
    .option('--crew <code>', '只此班组；none 为无班组 only of this crew; none: of no crew')
    .option('--area <code>', '只此台区 only in this area')
    .option('--kind <kind>', '只此类 only of this kind')
    .option('--rule <rule>', '只此规则 only where this rule spoke')
    .option('--limit <number>', '至多 at most', '200')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ListFlags) => list(io, flags))
  exceptions
    .command('show')
    .description('一条异常的全部证据与建议 one exception with all evidence and what is suggested')
    .argument('<code>', '编号或完整键 code or whole key')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: { readonly json?: true }) => show(io, code, flags))
  exceptions
    .command('score')
    .description('班组得分：立项、办结、中位用时 by crew: opened, closed, median age')
    .option('--days <number>', '近几日 of the last days', '30')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: { readonly days: string; readonly json?: true }) => score(io, flags))
}

async function list(io: Io, flags: ListFlags): Promise<void> {
  const { by, crew, area, kind, rule, json } = flags
  const limit = wholeNumber('--limit', flags.limit)
  const filter = {
    ...(crew === undefined ? {} : { crew }),
    ...(area === undefined ? {} : { area }),
    ...(kind === undefined ? {} : { kind }),
    ...(rule === undefined ? {} : { rule }),
  }
  const rows = await withDatabase(io, 'reader', async (reader) => {
    return openNow(reader, await resolveFilter(reader, filter), createRealClock().now())
  })
  if (by !== undefined) {
    const groups = grouped(rows, by)
    return io.out(json === true ? toJson({ by, groups }) : groupedText(groups, by, allAtRisk(rows)))
  }
  const shown = rows.slice(0, limit)
  if (json === true) return io.out(toJson({ open: rows.length, exceptions: shown.map(listedJson) }))
  if (rows.length === 0)
    return io.out(
      '无未结异常（截至上次 exceptions run，未抄回另见 ops open） nothing is open, as of the last exceptions run; what was not read: ops open',
    )
  io.out(listText(shown))
  const waiting = shown.filter(({ next }) => next === 'approve').length
  if (waiting > 0)
    io.out(
      `待审批 ${waiting} 条：shuangwu exceptions show <编号 code> 看内容，exceptions approve <编号 code> 批准 to see and to approve`,
    )
  if (rows.length > shown.length) io.err(`共 ${rows.length} 条 in all`)
}

async function openNow(
  reader: Queryable,
  filter: OpenExceptionFilter,
  now: Instant,
): Promise<readonly ListedException[]> {
  const { policy } = await loadExceptionPolicy(reader, now)
  return ranked(await findOpenExceptions(reader, now, filter), policy, now)
}

async function show(io: Io, code: string, { json }: { readonly json?: true }): Promise<void> {
  const now = createRealClock().now()
  const [row, evidence, waiting] = await withDatabase(io, 'reader', async (reader) => {
    const found = await openNow(reader, { keys: [code] }, now)
    const [only] = found
    if (only === undefined) throw new UserError('not_found', `${code}: 非未结异常 not open, or not there`)
    if (found.length > 1)
      throw new UserError(
        'bad_usage',
        `${code}: 有 ${found.length} 条 several: ${found.map((one) => one.exceptionKey).join(', ')}`,
      )
    return [only, await loadEvidence(reader, only, now), await waitingFor(reader, only)] as const
  })
  io.out(json === true ? toJson(screenJson(row, evidence, waiting)) : screenText(row, evidence, waiting))
}

async function waitingFor(
  reader: Queryable,
  { waitingDecision, exceptionKey }: ListedException,
): Promise<WaitingDecision | null> {
  if (waitingDecision === null) return null
  const decision = await findDecision(reader, waitingDecision)
  const items = await readDecisionItems(reader, waitingDecision)
  const item = items.find((one) => one.exceptionKey === exceptionKey)
  return decision === null || item === undefined || decision.approvers.length >= decision.approvalsNeeded
    ? null
    : { decision, item }
}

async function score(io: Io, { days, json }: { readonly days: string; readonly json?: true }): Promise<void> {
  const now = createRealClock().now()
  const span = { from: now - wholeNumber('--days', days) * dayMs, to: now + 1 }
  const [scores, open] = await withDatabase(io, 'reader', async (reader) => [
    await crewScores(reader, span),
    await openNow(reader, {}, now),
  ])
  const rows = scores.map((one) => {
    const mine = open.filter(({ crewCode }) => crewCode === one.crewCode)
    return { ...one, open: mine.length, overdue: mine.filter(({ overdue }) => overdue).length }
  })
  if (json === true) return io.out(toJson({ crews: rows }))
  io.out(
    textTable(
      [
        '班组 crew',
        '立项 opened',
        '办结 closed',
        '超期办结 closed late',
        '中位用时 median age',
        '未结 open',
        '超期 overdue',
      ],
      rows.map((row) => [
        row.crewCode ?? '（无）none',
        row.opened,
        row.closed,
        row.closedLate,
        row.medianAgeMs === null ? '—' : `${(row.medianAgeMs / hourMs).toFixed(1)} h`,
        row.open,
        row.overdue,
      ]),
    ),
  )
}

function wholeNumber(flag: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UserError('bad_usage', `${flag} ${text}: 应为不小于 1 的整数 expected a whole number from 1`)
  return Number(text)
}
