/** One place of a concentrator's meter table: its own number for the meter (测量点号) and the meter's address. */
export interface TableEntry {
  readonly terminalPoint: number
  readonly address: string
}

/**
 * Why an address is not as it should be; exactly one cause per address, the first that holds:
 * - `duplicate`: it stands twice in one table, or in the tables of two concentrators, or two meters of the registry have it here.
 * - `unknown_to_registry`: the concentrator has it, the registry does not know it there.
 * - `missing_in_concentrator`: the registry has it there, the concentrator does not.
 * - `wrong_parameters`: both have it, with different numbers.
 */
export const tableMismatches = [
  'duplicate',
  'unknown_to_registry',
  'missing_in_concentrator',
  'wrong_parameters',
] as const
export type TableMismatch = (typeof tableMismatches)[number]

export interface TableDifference {
  readonly address: string
  readonly mismatch: TableMismatch
  /** Numbers under which the concentrator has it, ascending. */
  readonly reportedPoints: readonly number[]
  readonly desiredPoint: number | null
  /** Others that have it too. */
  readonly alsoAt: readonly string[]
}

export interface TablesToCompare {
  /** Addresses of the meters that the registry has there; one may be there twice. */
  readonly registered: readonly string[]
  readonly desired: readonly TableEntry[]
  /** Null when it has never said which meters it has: then those that it brought stand for its table. */
  readonly reported: readonly TableEntry[] | null
  /** Addresses of which it has brought something lately. */
  readonly seen: ReadonlySet<string>
  /** Other concentrators that have an address in their tables, by address. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>
}

/** What differs between the table that a concentrator is to have and the one that it has, by address. */
export function diffTables(tables: TablesToCompare): readonly TableDifference[] {
  const { registered, desired, reported, seen, elsewhere } = tables
  const wanted = pointsByAddress(desired)
  const has = pointsByAddress(reported ?? [...seen].map((address) => ({ terminalPoint: unknownPoint, address })))
  const twice = new Set(repeated(registered))
  const addresses = [...new Set([...wanted.keys(), ...has.keys()])].sort()
  return addresses.flatMap((address) => {
    const desiredPoint = wanted.get(address)?.[0] ?? null
    const points = has.get(address) ?? []
    const alsoAt = points.length === 0 ? [] : (elsewhere.get(address) ?? [])
    const isDuplicate = twice.has(address) || points.length > 1 || alsoAt.length > 0
    const mismatch = isDuplicate ? 'duplicate' : mismatchOf(desiredPoint, points[0] ?? null)
    if (mismatch === null) return []
    return [
      { address, mismatch, reportedPoints: points.filter((point) => point !== unknownPoint), desiredPoint, alsoAt },
    ]
  })
}

/** Of a meter that was only seen. */
const unknownPoint = 0

function mismatchOf(desiredPoint: number | null, point: number | null): TableMismatch | null {
  if (desiredPoint === null) return 'unknown_to_registry'
  if (point === null) return 'missing_in_concentrator'
  return point === unknownPoint || point === desiredPoint ? null : 'wrong_parameters'
}

function repeated(addresses: readonly string[]): readonly string[] {
  const met = new Set<string>()
  return addresses.filter((address) => met.has(address) || !met.add(address))
}

function pointsByAddress(entries: readonly TableEntry[]): ReadonlyMap<string, readonly number[]> {
  const points = new Map<string, readonly number[]>()
  for (const { address, terminalPoint } of entries)
    points.set(
      address,
      [...(points.get(address) ?? []), terminalPoint].sort((left, right) => left - right),
    )
  return points
}

/**
 * The table that a concentrator is to have: the registry's addresses, each under the number that it has already, new ones under the
 * lowest free numbers in the order given. An address that two meters have stands in it once.
 */
export function desiredTable(addresses: readonly string[], known: readonly TableEntry[]): readonly TableEntry[] {
  const wanted = new Set(addresses)
  const kept = new Map<string, number>()
  const used = new Set<number>()
  for (const { address, terminalPoint } of known) {
    if (!wanted.has(address) || kept.has(address) || used.has(terminalPoint)) continue
    kept.set(address, terminalPoint)
    used.add(terminalPoint)
  }
  let next = 1
  const entries = [...wanted].map((address) => {
    const point = kept.get(address)
    if (point !== undefined) return { terminalPoint: point, address }
    while (used.has(next)) next += 1
    used.add(next)
    return { terminalPoint: next, address }
  })
  return entries.toSorted((left, right) => left.terminalPoint - right.terminalPoint)
}

/** Whether two tables in the order of their numbers say the same. */
export function sameEntries(left: readonly TableEntry[], right: readonly TableEntry[]): boolean {
  return (
    left.length === right.length &&
    left.every(
      ({ terminalPoint, address }, index) =>
        right[index]?.terminalPoint === terminalPoint && right[index]?.address === address,
    )
  )
}
