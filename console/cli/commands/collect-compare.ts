import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { datesIn, isLocalDate } from '../../../domain/time.js'
import { monthEnd, monthStart } from '../../../simulators/utility/story-calendar.js'
import type { PlanReads } from '../../../headend/plan/plan-document.js'
import { minMeters } from '../../../simulators/utility/utility-size.js'
import type { PlannedAirtime } from '../../compare/planned-airtime.js'
import { type Rehearsal, rehearsePlan } from '../../compare/rehearse-plan.js'
import { createProgress } from '../../progress.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { textTable } from '../table.js'
import { loadPlanFile } from './collect-plan.js'

interface CompareFlags {
  readonly plan: readonly string[]
  readonly seed: number
  readonly meters?: number
  readonly night: string
  readonly json?: true
}

const builtIn = 'built-in'

export function addCollectCompareCommand(collect: Command, io: Io): void {
  collect
    .command('compare')
    .description(
      '同一仿真日两方案对比：日冻结实演，其余推算占线 the same simulated night under two plans: daily freezes are rehearsed, the airtime of all other sets is computed; needs no database',
    )
    .requiredOption(
      '--plan <file>',
      `两个方案文件，${builtIn} 为内置方案 twice: a file, or ${builtIn}`,
      collectPlans,
      [],
    )
    .option('--seed <number>', '仿真种子 seed of the simulated utility', wholeNumber, 42)
    .option('--meters <number>', `电表数，至少 ${minMeters} meters of the simulated utility`, meterCount)
    .option('--night <day>', `哪一夜 which night of ${monthStart.slice(0, 7)}`, monthStart)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((_flags: object, command: Command) => compare(io, command.optsWithGlobals<CompareFlags>()))
}

async function compare(io: Io, { plan: names, seed, meters, night, json }: CompareFlags): Promise<void> {
  if (names.length !== 2) throw new UserError('bad_usage', '须给出两个方案 expected --plan twice')
  if (!isLocalDate(night) || !datesIn(monthStart, monthEnd).includes(night))
    throw new UserError(
      'bad_input',
      `--night ${night}: 应为该月 ${monthStart} 起的日期 expected a day from ${monthStart} to the end of its month`,
    )
  const plans = names.map((name) => (name === builtIn ? defaultPlan : loadPlanFile(io, name)))
  const stage = createProgress(io).stage('同一夜两方案 one night under two plans', plans.length)
  const rehearsals: Rehearsal[] = []
  try {
    for (const plan of plans) {
      rehearsals.push(await rehearsePlan(plan, { seed, meters, night }))
      stage.advance()
    }
    stage.done()
  } finally {
    stage.stop()
  }
  const compared = rehearsals.map((rehearsal, place) => ({
    plan: names[place] ?? '',
    ...rehearsal,
    success: share(rehearsal),
  }))
  if (json === true) return io.out(toJson({ seed, night, plans: compared }))
  io.out(
    textTable(
      ['指标 figure', ...names, '差 difference'],
      rows.map(({ title, of, unit }) => row(title, rehearsals.map(of), unit)),
    ),
  )
  io.out(plannedText(names, rehearsals))
}

const readsWords: Readonly<Record<PlanReads, string>> = {
  daily_freeze: '日冻结',
  monthly_set: '月冻结与需量',
  curve: '曲线',
  events: '事件',
  clock: '时钟',
  relay_status: '继电器',
  tou_tables: '时区时段表',
}

/** The windows of both plans beside each other: all lines together, and the busiest as a share of its window. */
function plannedText(names: readonly string[], rehearsals: readonly Rehearsal[]): string {
  const plans = rehearsals.map(({ planned }) => new Map(planned.map((each) => [windowKey(each), each])))
  const windows = new Map(rehearsals.flatMap(({ planned }) => planned.map((each) => [windowKey(each), each] as const)))
  const cells = [...windows]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, window]) => {
      const found = plans.map((plan) => plan.get(key) ?? null)
      const [left = 0, right = 0] = found.map((each) => (each?.airtimeMs ?? 0) / 1000)
      const difference = text(right - left, ' s')
      return [
        `${readsText(window.reads)} · ${window.kind} · ${window.window}`,
        ...found.map(plannedCell),
        right > left ? `+${difference}` : difference,
      ]
    })
  return [
    '按方案推算的占线，每窗 airtime of each window, computed from the plan',
    textTable(['采集 · 线路类 · 窗口 read · kind · window', ...names, '差 difference'], cells),
    '只有日冻结（RS-485、Modbus）经过仿真；月冻结、曲线、事件、时钟、继电器为推算，按一般线路、不计不应答的电表；集中器与 Modbus TCP 网关自管其表，不计。',
    'Only daily freezes (RS-485, Modbus) are rehearsed; months, curves, events, clocks and relays are computed for usual lines without silent meters; concentrators and Modbus TCP gateways mind their own meters and are left out.',
  ].join('\n')
}

function windowKey({ reads, kind, window }: PlannedAirtime): string {
  return `${reads} ${kind} ${window}`
}

function readsText(reads: string): string {
  const [first = ''] = reads.split(' ')
  return Object.hasOwn(readsWords, first) ? `${readsWords[first as PlanReads]} ${reads}` : reads
}

function plannedCell(planned: PlannedAirtime | null): string {
  if (planned === null) return '—'
  const { airtimeMs, busiestMs, windowMs, unfitLines } = planned
  const busiest = windowMs === 0 ? '—' : ((busiestMs * 100) / windowMs).toFixed(1)
  const unfit = unfitLines === 0 ? '' : ` · 排不下 unfit ${unfitLines}`
  return `${text(airtimeMs / 1000, ' s')} · 最忙 busiest ${busiest} %${unfit}`
}

interface Figure {
  readonly title: string
  readonly unit: string
  readonly of: (rehearsal: Rehearsal) => number | null
}

const rows: readonly Figure[] = [
  { title: '应抄 due', unit: '', of: ({ due }) => due },
  { title: '抄回 read', unit: '', of: ({ read }) => read },
  { title: '成功率 success', unit: ' %', of: share },
  { title: '请求 requests', unit: '', of: ({ requests }) => requests },
  { title: '无应答 timeouts', unit: '', of: ({ timeouts }) => timeouts },
  { title: '受损 damaged', unit: '', of: ({ damaged }) => damaged },
  { title: '占线 airtime', unit: ' s', of: ({ airtimeMs }) => airtimeMs / 1000 },
  { title: '半数抄回 p50', unit: ' min', of: ({ halfMs }) => minutes(halfMs) },
  { title: '95 % 抄回 p95', unit: ' min', of: ({ mostMs }) => minutes(mostMs) },
]

function row(title: string, values: readonly (number | null)[], unit: string): readonly string[] {
  const [left, right] = values
  const difference = typeof left === 'number' && typeof right === 'number' ? right - left : null
  return [
    title,
    ...values.map((value) => text(value, unit)),
    difference !== null && difference > 0 ? `+${text(difference, unit)}` : text(difference, unit),
  ]
}

function text(value: number | null, unit: string): string {
  if (value === null) return '—'
  return `${Number.isInteger(value) ? value : value.toFixed(2)}${unit}`
}

/** Percent of what was due. */
function share({ read, due }: Rehearsal): number {
  return Math.round((read * 10_000) / Math.max(due, 1)) / 100
}

function minutes(ms: number | null): number | null {
  return ms === null ? null : ms / 60_000
}

function collectPlans(name: string, before: readonly string[]): readonly string[] {
  return [...before, name]
}

function meterCount(input: string): number {
  const meters = /^\d{1,7}$/.test(input) ? Number(input) : 0
  if (meters < minMeters) throw new InvalidArgumentError(`应为整数 expected a whole number from ${minMeters}.`)
  return meters
}

function wholeNumber(input: string): number {
  if (!/^\d{1,9}$/.test(input)) throw new InvalidArgumentError('应为整数 expected a whole number.')
  return Number(input)
}
