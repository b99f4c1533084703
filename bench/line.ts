// How much of a line's physical limit the product's own line session reaches, in wall time, against serial servers in another process
// that let every byte take its time; then a thousand such lines in one process on one core.
// node build/bench/line.js [SECONDS [LINES [SECONDS_FOR_ALL_LINES]]]
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { present } from '../domain/result.js'
import { benchArguments } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result } from './bench-report.js'
import { airtimeMs, turnaroundMs } from './line/exchange.js'

const { seconds: secondsOfOne, lines, allSeconds } = benchArguments('line').sizes
const warmUpSeconds = 5
/** A serial server hands bytes over one by one where one line is timed, in packets where there are many. */
const packetBytes = 16

interface Achieved {
  readonly exchanges: number
  readonly failed: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly elapsedMs: number
  readonly theoryMs: number
  readonly worstLine: number
  readonly busyShareOfCore: number
  readonly peakRssMiB: number
}

interface Served {
  readonly exchanges: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly meanLateMs: number
  /** Mean of how much too late the last byte of a reply left, as a share of its exchange. */
  readonly meanError: number
  readonly worstMs: number
}

const one = await measure('line_efficiency', 1, secondsOfOne, 1)
const many = await measure(`line_efficiency_${lines}_lines`, lines, allSeconds, packetBytes)
const report: BenchReport = { name: 'line', machine: machineOf('none'), results: [...one, ...many] }
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)

async function measure(
  metric: string,
  lineCount: number,
  seconds: number,
  chunkBytes: number,
): Promise<readonly BenchResult[]> {
  process.stderr.write(`… ${lineCount} 条 2400 波特线路 line(s), ${warmUpSeconds} + ${seconds} s\n`)
  const server = startOn(1, 'serial-server', [chunkBytes])
  const serverLines = createInterface({ input: present(server.stdout, 'stdout') })[Symbol.asyncIterator]()
  const port = (await serverLines.next()).value as string
  const reader = startOn(0, 'read-lines', [port, lineCount, warmUpSeconds, seconds])
  const achieved = JSON.parse(await allOf(reader)) as Achieved
  server.kill('SIGTERM')
  const served = JSON.parse((await serverLines.next()).value as string) as Served
  explain(achieved, served, lineCount)
  const share = achieved.theoryMs / achieved.elapsedMs
  const frames = (exchanges: number) => (2 * exchanges * 1000) / (achieved.elapsedMs / lineCount)
  const theoretical = frames(achieved.exchanges) / share
  const withMemory = (each: BenchResult): BenchResult => ({ ...each, rssMiB: achieved.peakRssMiB })
  return [
    withMemory(result(metric, share, 'share', { name: 'bytes × 11 / baud + 20 ms', value: 1, ratio: share })),
    withMemory(
      result(`frames, ${lineCount} line(s)`, frames(achieved.exchanges), 'frames/s', {
        name: 'theoretical frames',
        value: theoretical,
        ratio: share,
      }),
    ),
    withMemory(
      result(`mean error of the simulated line, ${lineCount} line(s)`, served.meanError, 'share of an exchange'),
    ),
  ]
}

/** The figures from which anybody can work out the share again. */
function explain(achieved: Achieved, served: Served, lineCount: number): void {
  const { exchanges, failed, bytesOut, bytesIn, elapsedMs, theoryMs } = achieved
  const said = [
    `frames ${2 * exchanges} (${exchanges} requests, ${exchanges} replies, ${failed} exchanges failed), bytes out ${bytesOut}, bytes in ${bytesIn}, elapsed ${elapsedMs.toFixed(1)} ms${lineCount === 1 ? '' : ` over ${lineCount} lines`}`,
    `theory (${bytesOut} + ${bytesIn}) × 11 / 2400 + ${exchanges} × ${turnaroundMs} ms = ${theoryMs.toFixed(1)} ms (check ${(airtimeMs(bytesOut + bytesIn) + exchanges * turnaroundMs).toFixed(1)}), share ${(theoryMs / elapsedMs).toFixed(5)}, worst line ${achieved.worstLine.toFixed(5)}`,
    `reader: ${(100 * achieved.busyShareOfCore).toFixed(1)} % of a core, ${achieved.peakRssMiB} MiB; simulated line: ${served.exchanges} exchanges, last byte late by ${served.meanLateMs.toFixed(3)} ms on average (${(100 * served.meanError).toFixed(4)} %), ${served.worstMs.toFixed(2)} ms at worst`,
  ]
  process.stderr.write(`  ${said.join('\n  ')}\n`)
}

/** On a core of its own, so that neither process waits for the other; where there is one core only, both share it. */
function startOn(core: number, name: string, args: readonly (string | number)[]): ChildProcess {
  const path = fileURLToPath(new URL(`line/${name}.js`, import.meta.url))
  const command = [process.execPath, path, ...args.map(String)]
  const pinned = cpus().length > 1 ? ['taskset', '-c', String(core), ...command] : command
  const [program, ...rest] = pinned
  // Whoever holds the other end of its input is us: a child whose input ends has lost its bench and ends, too.
  return spawn(present(program, 'a program'), rest, { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function allOf(child: ChildProcess): Promise<string> {
  let text = ''
  present(child.stdout, 'stdout').on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(child, 'close')
  return text
}
