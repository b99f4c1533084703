import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { type CollectionPlan, type Every, parsePlan, planDigest } from '../../../headend/plan/plan-document.js'
import { planFeasibility, unfitOf } from '../../../headend/plan/plan-feasibility.js'
import { planInForce, readStored } from '../../../headend/plan/plan-in-force.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import { findPlan, listPlans, type PlanRevision } from '../../../storage/headend/collection-plans.js'
import { loadConfig } from '../../config.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { loadPolicyFile } from '../policy-commands.js'
import {
  approvedText,
  historyText,
  revisionForJson,
  revisionNumber,
  submittedText,
  wholeRevision,
} from '../policy-text.js'
import { withDatabase } from '../session.js'
import { feasibilityText } from './plan-feasibility-text.js'
import { textTable } from '../table.js'

interface Json {
  readonly json?: true
}
interface CheckFlags extends Json {
  readonly offline?: true
}
interface Signed extends Json {
  readonly actor: string
  readonly acceptUnfit?: true
}
interface SubmitFlags extends Signed {
  readonly reason: string
  readonly from?: number
}

interface ShowFlags extends Json {
  readonly revision?: number
}

/** `--json` is an option of `collect` as well, which takes it first: hence the flags of both. */
export function addCollectPlanCommands(collect: Command, io: Io): void {
  const plan = collect.command('plan').description('采集方案 the collection plan: versioned, two people')
  plan
    .command('check')
    .description(
      '检查方案文件，并按档案预估各线路窗口 checks a file, and its windows against the lines of the registry',
    )
    .argument('<file>', 'YAML 或 JSON 文件 a file of YAML or JSON')
    .option('--offline', '只检查文件 the file alone')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (file: string, _flags: object, command: Command) => {
      const { json, offline } = command.optsWithGlobals<CheckFlags>()
      await checkPlan(io, loadPlanFile(io, file), { json: json === true, offline: offline === true })
    })
  plan
    .command('propose')
    .alias('submit')
    .description('提交待批 hands a plan in for approval')
    .argument('<file>', 'YAML 或 JSON 文件 a file of YAML or JSON')
    .requiredOption('--actor <code>', '编制人 its author')
    .requiredOption('--reason <text>', '为何变更 why it changes')
    .option(...acceptUnfit)
    .option('--from <instant>', '生效时刻，缺省即刻 effective from, such as 2026-07-01T00:00:00+08:00', instant)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (file: string, _flags: object, command: Command) => {
      const { actor, reason, from, json, acceptUnfit: acceptsUnfit = false } = command.optsWithGlobals<SubmitFlags>()
      const clock = createRealClock()
      const document = loadPlanFile(io, file)
      const submission = { plan: document, author: actor, reason, effectiveFrom: from ?? clock.now(), acceptsUnfit }
      const submitted = await withDatabase(io, 'console', (database) => submitPlan(database, clock, submission))
      if (json === true) return io.out(toJson(submitted))
      io.out(submittedText(submitted))
    })
  plan
    .command('sign')
    .alias('approve')
    .description('批准，须非编制人 approves a revision; not its author')
    .argument('<revision>', '版次 number of the revision', revisionNumber)
    .requiredOption('--actor <code>', '批准人 who approves')
    .option(...acceptUnfit)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (revision: number, _flags: object, command: Command) => {
      const { actor, json, acceptUnfit: acceptsUnfit = false } = command.optsWithGlobals<Signed>()
      const approval = { revision, approver: actor, acceptsUnfit }
      const isNew = await withDatabase(io, 'console', (database) => approvePlan(database, createRealClock(), approval))
      if (json === true) return io.out(toJson({ revision, kind: isNew ? 'created' : 'exists' }))
      io.out(approvedText(revision, isNew))
    })
  plan
    .command('show')
    .description('现行方案及各版 the plan in force, or a revision')
    .option('--revision <number>', '版次；0 为内置方案 a revision; 0 is the built-in plan', wholeRevision)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((_flags: object, command: Command) => showPlan(io, command.optsWithGlobals<ShowFlags>()))
}

const acceptUnfit = ['--accept-unfit', '知悉有窗口排不下 although windows do not hold their reads'] as const

/** @throws UserError `refused` with reason `plan_does_not_fit`, after it was shown which windows. */
async function checkPlan(
  io: Io,
  plan: CollectionPlan,
  { json, offline }: { readonly json: boolean; readonly offline: boolean },
): Promise<void> {
  const lines =
    offline || !hasDatabase(io)
      ? null
      : await withDatabase(io, 'reader', (reader) => planFeasibility(reader, plan, createRealClock().now()))
  const unfit = unfitOf(lines ?? []).length
  if (json) {
    io.out(toJson({ ok: unfit === 0, sha256: planDigest(plan).toString('hex'), plan, feasibility: lines }))
  } else {
    io.out(planText(plan))
    io.out(lines === null ? '未按档案预估 not checked against a registry' : feasibilityText(lines))
  }
  if (unfit > 0)
    throw new UserError('refused', `${unfit} 个线路时段读不完 windows of lines do not hold what is read there`, {
      reason: 'plan_does_not_fit',
    })
}

/** A file can be checked where nothing is installed yet. */
function hasDatabase(io: Io): boolean {
  const given = io.env['DATABASE_URL']
  return (given !== undefined && given !== '') || existsSync(loadConfig(io.cwd, io.env).folder)
}

/** The checked plan of a file. @throws UserError `bad_input` as file:line: key: expected … */
export function loadPlanFile(io: Io, file: string): CollectionPlan {
  return loadPolicyFile(io, file, parsePlan)
}

async function showPlan(io: Io, { revision, json }: ShowFlags): Promise<void> {
  const now = createRealClock().now()
  const { shown, history } = await withDatabase(io, 'reader', async (reader) => {
    if (revision === 0) return { shown: { revision: null, plan: defaultPlan }, history: await listPlans(reader) }
    if (revision === undefined) return { shown: await planInForce(reader, now, now), history: await listPlans(reader) }
    const found = await findPlan(reader, revision)
    if (found === null)
      throw new UserError('not_found', `采集方案无此版 there is no revision ${revision} of the collection plan`)
    return { shown: readStored(found), history: await listPlans(reader) }
  })
  if (json === true) return io.out(toJson({ ...shown, revisions: history.map(revisionForJson) }))
  io.out(shown.revision === null ? '内置方案 the built-in plan' : `第 ${shown.revision} 版 revision ${shown.revision}`)
  io.out(planText(shown.plan))
  if (history.length > 0)
    io.out(historyText(history, { heading: '排不下 unfit', cell: ({ unfitWindows }: PlanRevision) => unfitWindows }))
}

function planText({ schedules, templates, limits, ladder }: CollectionPlan): string {
  const reads = new Map(templates.map((each) => [each.name, each.reads]))
  const carriers = limits.carriers.map((each) => ` · ${each.name} ${each.lines}`).join('')
  return [
    textTable(
      ['任务 schedule', '内容 reads', '分组 group', '每 every', '窗口 window', '轮次 passes', '事后补 catch up'],
      schedules.map(({ name, template, group, every, window, catchUp }) => [
        name,
        reads.get(template) ?? template,
        group,
        everyText(every),
        `+${clockText(window.opensMinutes)} … +${clockText(window.closesMinutes)}`,
        window.passesMinutes.length,
        catchUp ? '是 yes' : '否 no',
      ]),
    ),
    `并发 at once: 节点 node ${limits.node} · 集中器/串口服务器 concentrator ${limits.concentrator}${carriers}`,
    `补召 back-fill ${ladder.backfillDays} d · 召测 on demand ${ladder.onDemandSeconds} s · 重试 retry ${ladder.retry.firstDelaySeconds}–${ladder.retry.longestDelaySeconds} s`,
  ].join('\n')
}

function everyText(every: Every): string {
  if (every.unit === 'day') return '日 day'
  if (every.unit === 'reading_day') return '抄表例日 reading day'
  return every.unit === 'month' ? `月 month, ${every.onDay}` : `${every.minutes} min`
}

function clockText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

function instant(text: string): number {
  const ms = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new InvalidArgumentError(
      '应为时刻，例如 2026-07-01T00:00:00+08:00 expected an instant such as 2026-07-01T00:00:00+08:00.',
    )
  return ms
}
