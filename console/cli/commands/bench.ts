import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { packageRoot } from '../../package-root.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { textTable } from '../table.js'

interface Bench {
  readonly measures: string
  /** Its arguments, with what they are where nothing is said and how small they may be. */
  readonly sizes: string
}

/** Benchmarks by name; every one is a program of its own in `bench/`, which checks its arguments itself. */
export const benches: Readonly<Record<string, Bench>> = {
  frames: {
    measures: 'DL/T 645 编解码，旁为校验和循环 · decode and encode, beside a checksum loop',
    sizes: 'frames=2000000 (≥1000)',
  },
  field: {
    measures: '十万块仿真表过零点 · a hundred thousand simulated meters over a midnight',
    sizes: 'meters=100000 (≥200) perSecond=2000 (≥1) seconds=75 (≥20)',
  },
  line: {
    measures: '线路效率：2400 波特一条与千条 · a 2400 baud line and a thousand of them, beside their physical limit',
    sizes: 'seconds=120 (≥5) lines=1000 (≥1) allSeconds=60 (≥5)',
  },
  ingest: {
    measures: '入库，旁为 COPY、逐条插入与丢弃 · readings into the database, beside COPY, one by one and discarding',
    sizes: 'rows=500000 (≥1000) messages=40000 (≥1000) plain|timescale',
  },
  'headend-day': {
    measures: '百万块表一天的冻结值入库 · a day of a million meters through MQTT',
    sizes: 'meters=1000000 (≥500) plain|timescale',
  },
  'schema-fill': {
    measures: '库表写入与读取 · the schema, filled',
    sizes: 'accounts=900000 (≥1000) readings=2000000 (≥1000) plain|timescale',
  },
  'ops-day': {
    measures: '百万应抄点的一日情况 · the account of a day with a million due points',
    sizes: 'meters=1000000 (≥1000) plain|timescale',
  },
  vee: {
    measures: '百万块表一日校核，附三十天历史 · a day of a million meters validated with a month of history',
    sizes: 'meters=1000000 (≥1000) plain|timescale',
  },
  'vee-curves': {
    measures: '一个月的 96 点曲线校核 · a month of 96-point curves settled, beside two other ways',
    sizes: 'meters=20000 (≥200) plain|timescale',
  },
  close: {
    measures: '居民户月结，旁为 SQL 与 COPY · the month of residential accounts closed, beside SQL and COPY',
    sizes: 'accounts=900000 (≥1000) plain|timescale --keep',
  },
  'close-components': {
    measures: '浙江居民户月结（tariff/2）· two months of Zhejiang households under their price file, closed',
    sizes: 'accounts=20000 (≥1000) plain|timescale --curves',
  },
  'whole-run': {
    measures: '整批重算与整批核验 · a posted run rated again under other prices, and verified bill by bill',
    sizes: 'accounts=90000 (≥1000) plain|timescale',
  },
  'rate-kernel': {
    measures: '一个月 96 点曲线在内存中计费，旁为 DuckDB · a month of 96-point curves rated from memory, beside DuckDB',
    sizes: 'accounts=20000 (≥100)',
  },
  'rate-db': {
    measures:
      '一个月 96 点日曲线由库计费到明细入库，旁为 SQL · a month of 96-point days rated from the database to stored lines, beside SQL',
    sizes: 'accounts=100000 (≥1000) plain|timescale --keep',
  },
}

interface BenchDocument {
  readonly results: readonly {
    readonly metric: string
    readonly value: number
    readonly unit: string
    readonly peer: string | null
    readonly peerValue: number | null
    readonly ratio: number | null
    readonly rssMiB: number
  }[]
}

interface BenchOptions {
  readonly json?: true
  readonly keep?: true
}

export function addBenchCommand(program: Command, io: Io): void {
  program
    .command('bench')
    .description('基准测试，同一次运行中带对照 benchmarks with their peers in the same run; lists them without a name')
    .addArgument(new Argument('[name]', '基准名 name of a benchmark').choices(Object.keys(benches)))
    .argument('[sizes...]', '规模，缺省见列表 how much, in the order of the list')
    .option(
      '--keep',
      '留下两边的表、对照的 SQL 和原始用时 leaves the tables of both sides, the SQL of the peers and raw timings',
    )
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (name: string | undefined, sizes: readonly string[], { json, keep }: BenchOptions) => {
      if (name === undefined) return sayBenches(io, json === true)
      const document = await runBench(io, name, keep === true ? [...sizes, '--keep'] : sizes)
      if (json === true) return io.out(document.trimEnd())
      io.out(benchTable(JSON.parse(document) as BenchDocument))
    })
}

function sayBenches(io: Io, json: boolean): void {
  const all = Object.entries(benches).map(([name, bench]) => ({ name, ...bench }))
  if (json) return io.out(toJson({ benches: all }))
  io.out(
    textTable(
      ['基准 bench', '测什么 measures', '规模 sizes'],
      all.map(({ name, measures, sizes }) => [name, measures, sizes]),
    ),
  )
}

const usageExitCode = 2
const interruptedExitCode = 130

/** The one document that a bench prints; what it says meanwhile goes to stderr. */
async function runBench(io: Io, name: string, sizes: readonly string[]): Promise<string> {
  const path = join(packageRoot, 'build', 'bench', `${name}.js`)
  const child = spawn(process.execPath, [path, ...sizes], { stdio: ['ignore', 'pipe', 'inherit'] })
  const forget = io.onInterrupt(() => void child.kill('SIGTERM'))
  let document = ''
  child.stdout.on('data', (chunk: Buffer) => (document += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  forget()
  if (code === interruptedExitCode) return io.exit(interruptedExitCode)
  if (code === usageExitCode)
    throw new UserError('bad_usage', `bench ${name}: 规模有误 sizes: ${benches[name]?.sizes ?? ''}`)
  if (code !== 0) throw new UserError('refused', `bench ${name} 异常结束 ended with ${code}`)
  return document
}

function benchTable({ results }: BenchDocument): string {
  return textTable(
    ['指标 metric', '值 value', '单位 unit', '对照 peer', '对照值 peer value', '比 ratio', 'RSS MiB'],
    results.map((each) => [
      each.metric,
      each.value,
      each.unit,
      each.peer ?? '—',
      each.peerValue ?? '—',
      each.ratio ?? '—',
      each.rssMiB,
    ]),
  )
}
