import type { Queryable } from '../../storage/database.js'
import type { PlainDeterminants } from '../../storage/mdm/plain-determinants.js'
import type { FreezeQuery } from '../../storage/mdm/freeze-segments.js'
import { type PlainReadings, tariffCodeOf } from '../../storage/mdm/plain-readings.js'
import { readRemarkable } from '../../storage/mdm/remarkable.js'
import type { FreezeContext } from './derive-accounts.js'
import type { PointGroup } from './groups.js'
import { plainEnergies } from './plain-determinant.js'
import { type TouSegment, touHolds } from './tou-hold.js'

/** Of whom a freeze knows something beside the readings, so that they are derived one by one; ids as they stand in columns. */
export interface Remarkable {
  readonly accounts: ReadonlySet<number>
  readonly usagePoints: ReadonlySet<number>
  readonly meters: ReadonlySet<number>
  /** Accounts that are worked out with the others of their group. */
  readonly grouped: ReadonlySet<number>
}

export interface SplitShard {
  readonly plain: PlainDeterminants
  /** Accounts that are to be derived one by one, in order. */
  readonly others: readonly bigint[]
}

/**
 * Marks of validation (doubts, turnovers, jumps), settled demands and curves make a meter remarkable, faults of master data an account.
 * Each rule of `deriveAccounts` that is not asked of a plain account has nothing to go by there:
 * - standing doubts, lone jumps, lost digits and turned units need a mark of the meter in or near the period, or another meter shortly before it;
 * - stale ends and notes need a word of a rule or a note at one of the ends, or a jump;
 * - changes need a second segment; relations and losses a group; openings a batch of the old books;
 * - further quantities need a demand, a curve, a feed-in, a transformer, a contract capacity or a person's value.
 */
export async function findRemarkable(
  client: Queryable,
  { query, marks, demands, metersWithDays, faults }: FreezeContext,
  groups: readonly PointGroup[],
): Promise<Remarkable> {
  const { doubts, turnovers, jumps } = marks
  const { accounts, usagePoints, meters } = await readRemarkable(client, query)
  const members = groups.flatMap((group) => group.accounts.map(({ accountId }) => accountId))
  return {
    accounts: numbersOf(faults.keys(), accounts),
    usagePoints: numbersOf(usagePoints),
    meters: numbersOf(doubts.keys(), turnovers.keys(), jumps.keys(), demands.keys(), metersWithDays, meters),
    grouped: numbersOf(members),
  }
}

function numbersOf(...ids: readonly Iterable<bigint>[]): ReadonlySet<number> {
  return new Set(ids.flatMap((some) => [...some].map(Number)))
}

/** Parts a shard into plain accounts with their energies and the others; whoever belongs to a group is in neither. */
export async function splitShard(
  client: Queryable,
  { query }: FreezeContext,
  remarkable: Remarkable,
  readings: PlainReadings,
): Promise<SplitShard> {
  const differing = numbersOf((await touHolds(client, touSegments(readings, query), query.knownAt)).keys())
  const energyE4 = new Float64Array(readings.startE4.length)
  const rows: number[] = []
  const others: bigint[] = []
  for (let row = 0; row < readings.count; row++) {
    const accountId = readings.accountId[row] ?? 0
    if (remarkable.grouped.has(accountId)) continue
    const isPlain =
      readings.isPlain[row] === 1 &&
      !remarkable.accounts.has(accountId) &&
      !remarkable.usagePoints.has(readings.usagePointId[row] ?? 0) &&
      !remarkable.meters.has(readings.meterId[row] ?? 0) &&
      !differing.has(accountId) &&
      plainEnergies(readings, row, energyE4)
    if (isPlain) rows.push(row)
    else others.push(BigInt(accountId))
  }
  return { plain: { readings, rows, energyE4 }, others }
}

/** Meters whose tables somebody has read; of the others nothing is known to differ. */
function touSegments(readings: PlainReadings, { periodStart, periodEnd }: FreezeQuery): readonly TouSegment[] {
  const segments: TouSegment[] = []
  for (let row = 0; row < readings.count; row++) {
    if (readings.hasTouTables[row] === 0) continue
    segments.push({
      accountId: BigInt(readings.accountId[row] ?? 0),
      tariffCode: tariffCodeOf(readings, row),
      startAt: periodStart,
      endAt: periodEnd,
      meter: { meterId: BigInt(readings.meterId[row] ?? 0) },
    })
  }
  return segments
}
