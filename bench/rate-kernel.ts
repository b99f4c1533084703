// A month of 96-point curves rated from memory, by time of use and by a price for each point, beside DuckDB on the same readings and
// what the memory alone takes: node build/bench/rate-kernel.js [ACCOUNTS]
import { invariant, present } from '../domain/result.js'
import { benchArguments, closeInAnyCase } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'
import { type DuckdbPeer, startDuckdb } from './rate-kernel/duckdb.js'
import { points } from './rate-kernel/interval-case.js'
import type { KernelAct } from './rate-kernel/kernel-worker.js'
import { type KernelThreads, startKernelThreads } from './rate-kernel/kernel-threads.js'
import { rateWithEngine } from './rate-kernel/rate-engine.js'

const { accounts } = benchArguments('rate-kernel').sizes
const threads = 2
const rounds = 5
const engineAccounts = 20
const readings = accounts * points

const ours = await startKernelThreads(accounts, threads)
const closeOurs = closeInAnyCase(() => ours.close())
const duckdb = await startDuckdb(accounts, threads)
const closeDuckdb = closeInAnyCase(() => duckdb.close())
const report: BenchReport = { name: 'rate-kernel', machine: machineOf('none'), results: await measure(ours, duckdb) }
await closeDuckdb()
await closeOurs()
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)

/** The sides take turns, so that what else the machine does meets both; the best round of each counts. */
async function measure(kernel: KernelThreads, peer: DuckdbPeer): Promise<readonly BenchResult[]> {
  const best = new Map<string, number>()
  const note = (name: string, seconds: number) =>
    best.set(name, Math.min(seconds, best.get(name) ?? Number.POSITIVE_INFINITY))
  for (let round = 0; round < rounds; round++) {
    for (const act of ['read', 'loop', 'tou', 'spot'] as const) note(act, await secondsOf(() => kernel.perform(act)))
    for (const kind of ['tou', 'spot'] as const)
      for (const plan of peer.plans[kind]) note(`duckdb ${kind}`, await secondsOf(() => peer.run(plan)))
  }
  await checkEqual(kernel, peer, 'tou')
  await checkEqual(kernel, peer, 'spot')
  const rate = (name: string) => readings / present(best.get(name), name)
  const engineRate = (engineAccounts * 8760) / rateWithEngine(engineAccounts)
  const versus = (name: string, value: number, peerRate: number) => ({ name, value: peerRate, ratio: value / peerRate })
  const readingBytes = 4
  const slowest = readingBytes * Math.min(rate('tou'), rate('spot'))
  return [
    result(
      'tou_vs_duckdb',
      rate('tou'),
      'readings/s',
      versus(`DuckDB, ${threads} threads, best of ${peer.plans.tou.length} plans`, rate('tou'), rate('duckdb tou')),
    ),
    result(
      'spot_vs_duckdb',
      rate('spot'),
      'readings/s',
      versus(`DuckDB, ${threads} threads, best of ${peer.plans.spot.length} plans`, rate('spot'), rate('duckdb spot')),
    ),
    result(
      'share_of_memory_bandwidth',
      slowest,
      'bytes/s',
      versus('a loop that only reads', slowest, readingBytes * rate('read')),
    ),
    result('tou_vs_loop', rate('tou'), 'readings/s', versus('a plain loop that adds up', rate('tou'), rate('loop'))),
    result(
      'tou_vs_rate_engine',
      rate('tou'),
      'readings/s',
      versus('@bellawatt/electric-rate-engine, hours, one thread', rate('tou'), engineRate),
    ),
  ]
}

/** Every amount, to the fen. */
async function checkEqual(kernel: KernelThreads, peer: DuckdbPeer, act: KernelAct & ('tou' | 'spot')): Promise<void> {
  const parts = await kernel.perform(act)
  const fen = parts.flatMap((part) => (typeof part === 'number' ? [] : [...part]))
  for (const plan of peer.plans[act]) {
    await peer.run(plan)
    const theirs = await peer.fen()
    invariant(theirs.length === fen.length, `${act}: ${theirs.length} amounts of the peer, ${fen.length} of ours`)
    const differing = theirs.findIndex((amount, index) => amount !== fen[index])
    invariant(differing < 0, `${act}: amount ${differing} is ${theirs[differing]} fen, ours ${fen[differing]}`)
  }
}
