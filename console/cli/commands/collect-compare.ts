import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { datesIn, isLocalDate } from '../../../domain/time.js'
import { monthEnd, monthStart } from '../../../simulators/utility/story-calendar.js'
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
    .description('同一仿真日两方案对比 the same simulated night under two plans; needs no database')
    .requiredOption(
      '--plan <file>',
      `两个方案文件，${builtIn} 为内置方案 twice: a file, or ${builtIn}`,
      collectPlans,
      [],
    )
    .option('--seed <number>', '仿真种子 seed of the simulated utility', wholeNumber, 42)
    .option('--meters <number>', '电表数 meters of the simulated utility', wholeNumber)
    .option('--night <day>', `哪一夜 which night of ${monthStart.slice(0, 7)}`, monthStart)
    .option('--json', 'one JSON document')
    .action((_flags: object, command: Command) => compare(io, command.optsWithGlobals<CompareFlags>()))
}

async function compare(io: Io, { plan: names, seed, meters, night, json }: CompareFlags): Promise<void> {
  if (names.length !== 2) throw new UserError('bad_usage', 'expected --plan twice')
  if (!isLocalDate(night) || !datesIn(monthStart, monthEnd).includes(night))
    throw new UserError('bad_input', `--night ${night}: expected a day from ${monthStart} to the end of its month`)
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

function wholeNumber(input: string): number {
  if (!/^\d{1,9}$/.test(input)) throw new InvalidArgumentError('expected a whole number.')
  return Number(input)
}
