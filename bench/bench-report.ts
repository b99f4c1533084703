import { cpus, totalmem } from 'node:os'

export interface BenchReport {
  readonly name: string
  readonly machine: { readonly cpus: number; readonly memory: string; readonly node: string; readonly database: string }
  readonly results: readonly BenchResult[]
}

/** `ratio` above 1 means that we are better than the peer or, where the peer is a floor or a limit, the share of it that we reach. */
export interface BenchResult {
  readonly metric: string
  readonly value: number
  readonly unit: string
  readonly peer: string | null
  readonly peerValue: number | null
  readonly ratio: number | null
  readonly rssMiB: number
}

const mebibyte = 1024 * 1024

export function machineOf(database: string): BenchReport['machine'] {
  return {
    cpus: cpus().length,
    memory: `${Math.round(totalmem() / mebibyte / 1024)} GiB`,
    node: process.version,
    database,
  }
}

export function result(
  metric: string,
  value: number,
  unit: string,
  peer?: { readonly name: string; readonly value: number; readonly ratio: number },
): BenchResult {
  const rssMiB = Math.round(process.memoryUsage.rss() / mebibyte)
  return {
    metric,
    value: rounded(value),
    unit,
    peer: peer?.name ?? null,
    peerValue: peer ? rounded(peer.value) : null,
    ratio: peer ? rounded(peer.ratio) : null,
    rssMiB,
  }
}

/** Seconds that an act takes. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1000
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
