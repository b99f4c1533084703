import { liveToleranceMs, type MeterId } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import * as shards from '../../storage/mdm/validation-shard.js'
import { clockStates } from './clock-states.js'
import type { ClaimedKey, Series, StandingValue } from './decide-group.js'
import type { PreviousValue } from './rule.js'
import type { Group } from './shards.js'
import type { SuppliesOf } from './supply-columns.js'
import { createTotalColumns } from './total-columns.js'
import { historyMs } from './usage-memory.js'
import { wholeMeetings } from './whole-meetings.js'

/** A series with what was decided on its keys before. */
export interface DecidedSeries {
  readonly series: Series
  /** Every revision of decisions on its keys, in any order. */
  readonly decided: readonly shards.DecidedRow[]
}

/** The last accepted value is nearly always yesterday's; where it is not, it is looked for by itself. */
const recentMs = 36 * hourMs

interface Draft {
  readonly meterId: MeterId
  readonly quantity: number
  readonly firstAt: Instant
  readonly slot: number
  readonly keys: { readonly readAt: Instant; readonly claims: shards.ClaimRow[] }[]
  /** Every revision, in any order. */
  readonly decided: shards.DecidedRow[]
  readonly recent: shards.DecidedRow[]
}

/** Reads what the decisions of a shard depend on, supplies too where nobody has read all of them. @returns by group, the series of each quantity together */
export async function readShard(
  tx: Transaction,
  groups: readonly Group[],
  now: Instant,
  allSupplies: SuppliesOf | null,
): Promise<readonly (readonly DecidedSeries[])[]> {
  const shard = { meterIds: groups.flatMap(({ meterIds }) => meterIds), knownAt: now }
  const firsts = groups.flatMap(({ firstAt }) => [...firstAt.values()])
  const [first, lastFirst] = [Math.min(...firsts) - liveToleranceMs, Math.max(...firsts)]
  const everyClaim = await shards.readClaims(tx, shard, first)
  const drafts = draftsOf(wholeMeetings(groups, everyClaim), everyClaim)
  const baselines = await readBaselines(
    tx,
    drafts,
    await shards.readDecided(tx, shard, { from: first - recentMs, to: null }),
  )
  const totals = createTotalColumns(drafts.count)
  const history = { from: first - historyMs, to: lastFirst }
  await shards.copyTotals(tx, shard, history, (meterId, quantity, readAt, revision, totalE4) => {
    const draft = drafts.find(meterId, quantity)
    if (draft !== null) totals.add(draft.slot, readAt, revision, totalE4)
  })
  totals.sort()
  const meters = new Map((await shards.readMeters(tx, shard)).map((meter) => [meter.meterId, meter]))
  const supplies = allSupplies ?? suppliesOf(await shards.readSupplies(tx, shard))
  const span = { from: first, to: drafts.latest }
  const clocks = clockStates(await shards.readClockChecks(tx, shard, span))
  const demands = new Map(
    (await shards.readDemands(tx, shard, span)).map(({ meterId, settledAt, demandE4 }) => [
      `${meterId} ${settledAt}`,
      demandE4,
    ]),
  )
  const toSeries = (draft: Draft): DecidedSeries => ({
    decided: draft.decided,
    series: {
      meter: present(meters.get(draft.meterId), `meter ${draft.meterId}`),
      quantity: draft.quantity,
      supplies: supplies(draft.meterId),
      keys: draft.keys.map(
        ({ readAt, claims }): ClaimedKey => ({
          readAt,
          claims,
          dueAt: claims[0]?.dueAt ?? null,
          clock: clocks(draft.meterId, readAt),
          demandE4: demands.size === 0 ? null : (demands.get(`${draft.meterId} ${readAt}`) ?? null),
          standing: standingOf(lastDecision(draft.decided, readAt), claims),
        }),
      ),
      baseline: baselines.get(draft.slot) ?? null,
      history: totals.totalsOf(draft.slot, draft.firstAt),
    },
  })
  return drafts.groups.map((group) => group.map(toSeries))
}

interface Drafts {
  /** By area and quantity. */
  readonly groups: readonly (readonly Draft[])[]
  readonly count: number
  readonly latest: Instant
  readonly find: (meterId: MeterId, quantity: number) => Draft | null
  readonly all: () => Iterable<Draft>
}

function draftsOf(groups: readonly Group[], claims: readonly shards.ClaimRow[]): Drafts {
  const homes = new Map<MeterId, { readonly group: Group; readonly drafts: Draft[] }>()
  for (const group of groups) for (const meterId of group.meterIds) homes.set(meterId, { group, drafts: [] })
  let count = 0
  let latest = 0
  for (const claim of claims) {
    const home = present(homes.get(claim.meterId), 'a meter of the shard')
    const firstAt = home.group.firstAt.get(claim.quantity)
    if (firstAt === undefined || claim.readAt < firstAt) continue
    latest = Math.max(latest, claim.readAt)
    let draft = home.drafts.find(({ quantity }) => quantity === claim.quantity)
    if (draft === undefined) {
      const { meterId, quantity } = claim
      draft = { meterId, quantity, firstAt, slot: count, keys: [], decided: [], recent: [] }
      home.drafts.push(draft)
      count += 1
    }
    const key = draft.keys.find(({ readAt }) => readAt === claim.readAt)
    if (key === undefined) draft.keys.push({ readAt: claim.readAt, claims: [claim] })
    else key.claims.push(claim)
  }
  const find = (meterId: MeterId, wanted: number) =>
    homes.get(meterId)?.drafts.find(({ quantity }) => quantity === wanted) ?? null
  const neighbours = groups.flatMap(({ meterIds, firstAt }) =>
    [...firstAt.keys()].map((quantity) => meterIds.flatMap((meterId) => find(meterId, quantity) ?? [])),
  )
  return { groups: neighbours, count, latest, find, all: () => neighbours.flat() }
}

/** The last accepted value before each draft's first key by slot; what was decided on its keys goes to the draft. */
async function readBaselines(
  tx: Transaction,
  drafts: Drafts,
  rows: readonly shards.DecidedRow[],
): Promise<ReadonlyMap<number, PreviousValue>> {
  for (const row of rows) {
    const draft = drafts.find(row.meterId, row.quantity)
    if (draft !== null) (row.readAt >= draft.firstAt ? draft.decided : draft.recent).push(row)
  }
  const found = new Map<number, PreviousValue>()
  const missing: Draft[] = []
  for (const draft of drafts.all()) {
    const baseline = latestAccepted(draft.recent)
    if (baseline === null) missing.push(draft)
    else found.set(draft.slot, baseline)
  }
  for (const row of await shards.readLastAccepted(tx, missing)) {
    const draft = drafts.find(row.meterId, row.quantity)
    if (draft !== null && row.registers !== null)
      found.set(draft.slot, { readAt: row.readAt, registers: row.registers, rules: row.rules })
  }
  return found
}

/** The decision on a key that no later revision supersedes. */
export function lastDecision(decided: readonly shards.DecidedRow[], readAt: Instant): shards.DecidedRow | undefined {
  let last: shards.DecidedRow | undefined
  for (const row of decided)
    if (row.readAt === readAt && (last === undefined || last.revision < row.revision)) last = row
  return last
}

function latestAccepted(decided: readonly shards.DecidedRow[]): PreviousValue | null {
  const instants = decided.length < 2 ? decided : decided.toSorted((a, b) => b.readAt - a.readAt)
  for (const { readAt } of instants) {
    const last = lastDecision(decided, readAt)
    if (last !== undefined && last.verdict === 'accepted' && last.registers !== null)
      return { readAt, registers: last.registers, rules: last.rules }
  }
  return null
}

/** A person's decision that has seen every claim of its key. */
function standingOf(last: shards.DecidedRow | undefined, claims: readonly shards.ClaimRow[]): StandingValue | null {
  if (last === undefined || last.decidedBy === null) return null
  if (claims.some(({ recordedAt }) => recordedAt > last.recordedAt)) return null
  return { registers: last.verdict === 'accepted' ? last.registers : null, rules: last.rules }
}

function suppliesOf(rows: readonly shards.SupplyRow[]): SuppliesOf {
  const supplies = new Map<MeterId, shards.SupplyRow[]>()
  for (const row of rows) {
    const segments = supplies.get(row.meterId)
    if (segments === undefined) supplies.set(row.meterId, [row])
    else segments.push(row)
  }
  for (const segments of supplies.values()) if (segments.length > 1) segments.sort((a, b) => a.from - b.from)
  return (meterId) => supplies.get(meterId) ?? []
}
