import type { Command } from 'commander'
import { fourEyes } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import { sameEntries, type TableDifference, type TableMismatch } from '../../../domain/meter-tables.js'
import { beijing, type Instant, localMinute } from '../../../domain/time.js'
import { loadUplinks } from '../../../headend/concentrators/load-uplinks.js'
import {
  loadTableViews,
  openPushOf,
  pushOf,
  seenForDays,
  type TableView,
} from '../../../headend/concentrators/table-views.js'
import { isLossFree } from '../../../protocols/concentrator/envelope-profile.js'
import type { Database } from '../../../storage/database.js'
import {
  approveTablePush,
  findTablePush,
  openTablePush,
  type TablePush,
} from '../../../storage/headend/concentrator-tables.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { loadPresences, type Presence, stateCells, stateDocument, warnOfOldSigns } from '../concentrator-presence.js'
import { parseInstant } from '../parse-instant.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

const mismatchTexts: Readonly<Record<TableMismatch, string>> = {
  duplicate: '重复 duplicate',
  unknown_to_registry: '系统无档案 unknown to registry',
  missing_in_concentrator: '集中器缺表 missing in concentrator',
  wrong_parameters: '参数不一致 wrong parameters',
}

interface Flags {
  readonly json?: true
  readonly actor: string
  readonly asOf?: string
}

export function addConcentratorCommand(program: Command, io: Io): void {
  const concentrator = program
    .command('concentrator')
    .description('集中器：在线状态与抄表档案 concentrators and their meter tables')
  concentrator
    .command('list')
    .description('全部集中器 all of them')
    .option(
      '--as-of <time>',
      '截至该时刻的在线状态 whether they were there, as known then: ISO 8601, or local time "YYYY-MM-DD hh:mm"',
    )
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: Flags) => list(io, flags))
  concentrator
    .command('show')
    .description('一台集中器：状态、档案与下发记录 one of them: state, tables, pushes')
    .argument('<code>', '线路编号 line code')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: Flags) => show(io, code, flags))
  concentrator
    .command('diff')
    .description('档案比对：系统应有与集中器上报 what differs between registry and concentrator')
    .argument('<code>', '线路编号 line code')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: Flags) => diff(io, code, flags))
  concentrator
    .command('push')
    .description('提出下发档案，须他人批准 open a push of the whole table; another person approves it')
    .argument('<code>', '线路编号 line code')
    .requiredOption('--actor <actor>', '操作人 who opens it')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: Flags) => push(io, code, flags))
  concentrator
    .command('approve')
    .description('批准下发 approve a push that another person opened')
    .argument('<push>', '下发编号 id of the push')
    .requiredOption('--actor <actor>', '批准人 who approves it')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((pushId: string, flags: Flags) => approve(io, pushId, flags))
}

async function list(io: Io, { json, asOf }: Flags): Promise<void> {
  const now = createRealClock().now()
  const knownAt = asOf === undefined ? now : parseInstant(asOf)
  const { views, presences } = await withDatabase(io, 'reader', async (reader) => ({
    views: await loadViews(reader, now),
    presences: await loadPresences(reader, knownAt),
  }))
  const rows = views.map((view) => ({ view, state: presences.get(view.uplink.line.lineId) ?? null }))
  warnOfOldSigns(
    io,
    rows.map(({ view, state }) => ({ code: view.uplink.line.code, state })),
  )
  if (json === true) {
    io.out(toJson({ knownAt: isoOf(knownAt), concentrators: rows.map(({ view, state }) => summaryOf(view, state)) }))
    return
  }
  io.out(
    textTable(
      [
        '集中器 concentrator',
        '报文格式 profile',
        '无损 loss-free',
        '在线 online',
        '自 since',
        '依据 evidence',
        '末次证据 last sign',
        '表数 meters',
        '差异 differences',
        '下发 push',
      ],
      rows.map(({ view, state }) => [
        view.uplink.line.code,
        view.uplink.profile.name,
        isLossFree(view.uplink.profile) ? '是 yes' : '否 no',
        ...stateCells(state),
        view.registered.length,
        differencesText(view),
        openPushText(view),
      ]),
      { spare: ['依据 evidence', '报文格式 profile', '自 since'] },
    ),
  )
}

async function show(io: Io, code: string, { json }: Flags): Promise<void> {
  const now = createRealClock().now()
  const { view, state } = await withDatabase(io, 'reader', async (reader) => {
    const found = await viewOf(reader, code, now)
    return { view: found, state: (await loadPresences(reader, now)).get(found.uplink.line.lineId) ?? null }
  })
  if (json === true) {
    const { report, pushes, desired } = view
    const reported = report === null ? null : { ...report, lineId: undefined, reportedAt: isoOf(report.reportedAt) }
    io.out(toJson({ ...summaryOf(view, state), desired, reported, pushes: pushes.map(pushDocument) }))
    return
  }
  warnOfOldSigns(io, [{ code, state }])
  const { profile, line } = view.uplink
  const [online, since, evidence, lastSign] = stateCells(state)
  io.out(
    textTable(
      ['集中器 concentrator', code],
      [
        ['消息代理 broker', line.settings.brokerUrl],
        ['报文格式 profile', profile.name],
        [
          '无损 loss-free',
          isLossFree(profile)
            ? '是 yes'
            : '否：无应用回执，缺数由补召补齐 no: it gets no receipts; gaps are back-filled',
        ],
        ['在线 online', `${online} ${since} ${evidence}`.trim()],
        ['末次证据 last sign', lastSign],
        ['应有电表 meters of the registry', view.registered.length],
        [
          '集中器电表 meters it reported',
          view.report === null ? '未上报 never' : `${view.report.meters.length} (${minuteOf(view.report.reportedAt)})`,
        ],
        ['差异 differences', differencesText(view)],
      ],
    ),
  )
  if (view.pushes.length > 0)
    io.out(
      textTable(
        ['下发 push', '版本 version', '电表 meters', '提出 opened by', '批准 approved by', '发送 sent', '结果 outcome'],
        view.pushes.map((each) => [
          each.pushId,
          each.version,
          each.meters.length,
          `${each.actor} ${minuteOf(each.openedAt)}`,
          approvalText(each),
          each.sentAt === null ? '—' : `${minuteOf(each.sentAt)} ×${each.attempts}`,
          each.outcome ?? '—',
        ]),
      ),
    )
}

async function diff(io: Io, code: string, { json }: Flags): Promise<void> {
  const view = await withDatabase(io, 'reader', (reader) => viewOf(reader, code, createRealClock().now()))
  const { differences, report, basis } = view
  if (json === true) io.out(toJson({ concentrator: code, basis: report?.basis ?? basis, differences }))
  else sayDiff(io, view)
  if (basis === 'nothing') throw new UserError('no_answer', `${code}: ${nothingHeard}`)
}

const nothingHeard = `集中器未上报档案，${seenForDays} 日内无任何上传，无从比对 it never reported a table, and nothing was heard within ${seenForDays} days: nothing to compare with`

function sayDiff(io: Io, { differences, report, basis, registered }: TableView): void {
  if (basis === 'seen')
    io.out(
      `集中器未上报档案，按近 ${seenForDays} 日抄回的电表比对 it never reported a table; compared with what it brought in ${seenForDays} days`,
    )
  if (report !== null) io.out(`集中器档案 its table of ${minuteOf(report.reportedAt)}`)
  if (basis === 'nothing' && differences.length === 0)
    return io.out(`系统应有电表 meters of the registry ${registered.length}，无从比对 nothing to compare them with`)
  if (differences.length === 0) return io.out('一致 no difference')
  io.out(
    textTable(
      ['通信地址 address', '差异 difference', '系统测量点 point wanted', '集中器测量点 points it has', '同在 also at'],
      differences.map(differenceCells),
    ),
  )
}

async function push(io: Io, code: string, { actor, json }: Flags): Promise<void> {
  const now = createRealClock().now()
  const opened = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const view = await viewOf(console, code, now)
    if (view.uplink.profile.channels.table === undefined)
      throw new UserError(
        'refused',
        `${code}: 此报文格式不能下发档案 profile ${view.uplink.profile.name} takes no tables`,
      )
    const waiting = openPushOf(view)
    if (waiting !== null && sameEntries(waiting.meters, view.desired)) return waiting
    if (view.report !== null && sameEntries(view.report.meters, view.desired))
      throw new UserError('refused', `${code}: 档案一致，无需下发 the concentrator has this table already`)
    const wanted = pushOf(view, { cause: 'difference', actor, openedAt: now })
    await openTablePush(console, wanted)
    return findTablePush(console, wanted.pushId)
  })
  if (opened === null)
    throw new UserError(
      'refused',
      `${code}: 期间已被他人立项，请再看一次 opened by somebody else meanwhile; look again`,
    )
  if (json === true) return io.out(toJson(pushDocument(opened)))
  io.out(
    `${opened.pushId} · 版本 version ${opened.version} · ${opened.meters.length} 块表 meters · 待他人批准 waits for another person's approval`,
  )
}

async function approve(io: Io, pushId: string, { actor, json }: Flags): Promise<void> {
  const approved = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const found = await findTablePush(console, pushId)
    if (found === null) throw new UserError('not_found', `${pushId}: 无此下发 no such push`)
    if (found.actor === actor) throw fourEyes(actor, '提出了下发 opened this push')
    const given = await approveTablePush(console, { pushId, actor, approvedAt: createRealClock().now() })
    if (given === 'exists') io.err(`${pushId}: 早已批准 had been approved before`)
    return findTablePush(console, pushId)
  })
  if (approved === null) throw new UserError('not_found', `${pushId}: 无此下发 no such push`)
  if (json === true) return io.out(toJson(pushDocument(approved)))
  io.out(`${pushId} · 已批准 approved by ${approvalText(approved)} · 采集前置随后下发 the head-end sends it next`)
}

async function loadViews(database: Database, now: Instant): Promise<readonly TableView[]> {
  return loadTableViews(database, (await loadUplinks(database)).uplinks, now)
}

async function viewOf(database: Database, code: string, now: Instant): Promise<TableView> {
  const view = (await loadViews(database, now)).find(({ uplink }) => uplink.line.code === code)
  if (view === undefined) throw new UserError('not_found', `${code}: 无此集中器 no such concentrator`)
  return view
}

function summaryOf(view: TableView, state: Presence | null) {
  const { line, profile, device } = view.uplink
  return {
    concentrator: line.code,
    device,
    profile: profile.name,
    lossFree: isLossFree(profile),
    state: state === null ? null : stateDocument(state),
    meters: view.registered.length,
    reportedMeters: view.report?.meters.length ?? null,
    differences: view.basis === 'nothing' ? null : view.differences.length,
    basis: view.basis,
    openPush: openPushOf(view)?.pushId ?? null,
  }
}

function pushDocument(each: TablePush) {
  const { lineId: _, openedAt, approvedAt, sentAt, answeredAt, ...rest } = each
  return {
    ...rest,
    openedAt: isoOf(openedAt),
    approvedAt: isoOrNull(approvedAt),
    sentAt: isoOrNull(sentAt),
    answeredAt: isoOrNull(answeredAt),
  }
}

/** Where nothing was heard no number of differences would be true. */
function differencesText({ basis, differences }: TableView): string | number {
  return basis === 'nothing' ? '— 无数据 nothing heard' : differences.length
}

function openPushText(view: TableView): string {
  const waiting = openPushOf(view)
  if (waiting === null) return ''
  return waiting.approvedAt === null ? '待批准 waits' : '已批准 approved'
}

function approvalText({ approvedAt, approvedBy }: TablePush): string {
  if (approvedAt === null) return '待批准 waits'
  return `${approvedBy ?? '常设授权 standing policy'} ${minuteOf(approvedAt)}`
}

function differenceCells({ address, mismatch, desiredPoint, reportedPoints, alsoAt }: TableDifference) {
  return [
    address,
    mismatchTexts[mismatch],
    desiredPoint ?? '—',
    reportedPoints.join(' ') || '—',
    alsoAt.join(' ') || '—',
  ]
}

function minuteOf(instant: Instant): string {
  return localMinute(beijing, instant)
}

function isoOf(instant: Instant): string {
  return new Date(instant).toISOString()
}

function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoOf(instant)
}
