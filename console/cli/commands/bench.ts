import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { packageRoot } from '../../package-root.js'
import type { Io } from '../io.js'
import { textTable } from '../table.js'

/** Benchmarks by name, with what each measures; every one is a program of its own in `bench/`. */
const benches: Readonly<Record<string, string>> = {
  frames: 'DL/T 645 编解码，旁为校验和循环 · decode and encode, beside a checksum loop',
  field: '十万块仿真表过零点 · a hundred thousand simulated meters over a midnight',
  line: '线路效率：2400 波特一条与千条 · a 2400 baud line and a thousand of them, beside their physical limit',
  ingest: '入库，旁为 COPY、逐条插入与丢弃 · readings into the database, beside COPY, one by one and discarding',
  'headend-day': '百万块表一天的冻结值入库 · a day of a million meters through MQTT',
  'schema-fill': '库表写入与读取 · the schema, filled',
  'ops-day': '百万应抄点的一日情况 · the account of a day with a million due points',
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

export function addBenchCommand(program: Command, io: Io): void {
  program
    .command('bench')
    .description('基准测试，同一次运行中带对照 benchmarks with their peers in the same run; lists them without a name')
    .addArgument(new Argument('[name]').choices(Object.keys(benches)))
    .option('--json', 'one JSON document')
    .action(async (name: string | undefined, { json }: { readonly json?: true }) => {
      if (name === undefined) return io.out(textTable(['基准 bench', '测什么 measures'], Object.entries(benches)))
      const document = await runBench(name)
      if (json === true) return io.out(document.trimEnd())
      io.out(benchTable(JSON.parse(document) as BenchDocument))
    })
}

/** The one document that a bench prints; what it says meanwhile goes to stderr. */
async function runBench(name: string): Promise<string> {
  const path = join(packageRoot, 'build', 'bench', `${name}.js`)
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let document = ''
  child.stdout.on('data', (chunk: Buffer) => (document += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new UserError('refused', `bench ${name} ended with ${code}`)
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
