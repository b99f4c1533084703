import { err, ok, type Result } from '../domain/result.js'
import type { BinariesWanted } from '../storage/local-database/binaries.js'

interface Size {
  readonly usual: number
  /** With fewer there is nothing to measure. */
  readonly least: number
}

/** What the arguments of each bench mean, in their order. */
export const benchSizes = {
  frames: { frames: { usual: 2_000_000, least: 1000 } },
  // Less than 20 seconds do not reach the midnight after which freezes are asked for.
  field: {
    meters: { usual: 100_000, least: 200 },
    perSecond: { usual: 2000, least: 1 },
    seconds: { usual: 75, least: 20 },
  },
  line: {
    seconds: { usual: 120, least: 5 },
    lines: { usual: 1000, least: 1 },
    allSeconds: { usual: 60, least: 5 },
  },
  ingest: { rows: { usual: 500_000, least: 1000 }, messages: { usual: 40_000, least: 1000 } },
  'headend-day': { meters: { usual: 1_000_000, least: 500 } },
  'schema-fill': { accounts: { usual: 900_000, least: 1000 }, readings: { usual: 2_000_000, least: 1000 } },
  'ops-day': { meters: { usual: 1_000_000, least: 1000 } },
  vee: { meters: { usual: 1_000_000, least: 1000 } },
  'vee-curves': { meters: { usual: 20_000, least: 200 } },
  close: { accounts: { usual: 900_000, least: 1000 } },
  'close-components': { accounts: { usual: 20_000, least: 1000 } },
  'whole-run': { accounts: { usual: 90_000, least: 1000 } },
  'rate-kernel': { accounts: { usual: 20_000, least: 100 } },
  'rate-db': { accounts: { usual: 100_000, least: 1000 } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Size>>>>

export type BenchName = keyof typeof benchSizes
export type SizesOf<Name extends BenchName> = Readonly<Record<keyof (typeof benchSizes)[Name], number>>

/** Benches with a database take the kind of its programs behind their sizes. */
const withDatabase: ReadonlySet<BenchName> = new Set<BenchName>([
  'ingest',
  'headend-day',
  'schema-fill',
  'ops-day',
  'vee',
  'vee-curves',
  'close',
  'close-components',
  'whole-run',
  'rate-db',
])

/** Benches that leave what they wrote where it can be looked at, and those whose meters may store curves. */
const flags: ReadonlyMap<BenchName, 'keep' | 'curves'> = new Map<BenchName, 'keep' | 'curves'>([
  ['close', 'keep'],
  ['close-components', 'curves'],
  ['rate-db', 'keep'],
])

export interface BenchArguments<Name extends BenchName> {
  readonly sizes: SizesOf<Name>
  readonly binaries: BinariesWanted
  readonly keep: boolean
  readonly curves: boolean
}

export interface BadUsage {
  readonly kind: 'bad_usage'
  readonly reason: string
}

/** @returns the reason in words, where an argument is not what the bench takes. */
export function parseBenchArguments<Name extends BenchName>(
  name: Name,
  given: readonly string[],
): Result<BenchArguments<Name>, BadUsage> {
  const flag = flags.get(name)
  const isFlagged = flag !== undefined && given.includes(`--${flag}`)
  const args = isFlagged ? given.filter((arg) => arg !== `--${flag}`) : given
  const sizes: [string, number][] = []
  const wanted = Object.entries<Size>(benchSizes[name])
  for (const [index, [size, { usual, least }]] of wanted.entries()) {
    const text = args[index] ?? String(usual)
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least)) return badUsage(`${size} ${text}: expected a whole number, at least ${least}`)
    sizes.push([size, value])
  }
  const [binaries = 'any', ...rest] = args.slice(wanted.length)
  const isKind = binaries === 'any' || (withDatabase.has(name) && (binaries === 'plain' || binaries === 'timescale'))
  if (!isKind || rest.length > 0) return badUsage(`${rest[0] ?? binaries}: expected ${usageOf(name)}`)
  const has = (one: typeof flag) => isFlagged && flag === one
  return ok({ sizes: Object.fromEntries(sizes) as SizesOf<Name>, binaries, keep: has('keep'), curves: has('curves') })
}

function badUsage(reason: string): Result<never, BadUsage> {
  return err({ kind: 'bad_usage', reason })
}

/** What the bench takes, with what it takes where nothing is said. */
export function usageOf(name: BenchName): string {
  const sizes = Object.entries<Size>(benchSizes[name]).map(([size, { usual, least }]) => `${size}=${usual} (≥${least})`)
  const flag = flags.get(name)
  const others = [...(withDatabase.has(name) ? ['plain|timescale'] : []), ...(flag === undefined ? [] : [`--${flag}`])]
  return [...sizes, ...others].join(' ')
}
