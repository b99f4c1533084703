import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { addDays, beijing, datesIn, type Instant, type LocalDate } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import * as storage from '../../storage/mdm/area-losses.js'
import { endFindings, insertFindings } from '../../storage/mdm/exceptions.js'
import { defaultValidationPolicy } from '../validation/built-in-policy.js'
import { areaLoss } from './area-loss.js'
import { findingKey, toFinding } from './loss-finding.js'
import type { LossPolicy } from './loss-policy.js'
import { lossPolicyInForce } from './policy-in-force.js'

/** Points whose day is in memory at once. */
const pointsPerShard = 20_000

export interface SettleLossesInput {
  /** Local days [from, to). */
  readonly from: LocalDate
  readonly to: LocalDate
  /** Areas of this organisation and those below it; all for null. */
  readonly organisationId: bigint | null
  readonly now: Instant
  readonly actor: string
  /** In place of the one that is in force. */
  readonly policy?: LossPolicy
  /** Told of each day that is done. */
  readonly onDay?: () => void
}
export interface SettledLosses {
  /** Areas with supply meters, once for each day. */
  readonly areaDays: number
  /** Revisions appended: an area whose day says the same as before has none. */
  readonly written: number
  readonly verdicts: Readonly<Partial<Record<storage.AreaLossFigures['verdict'], number>>>
}

/**
 * Works out the losses of areas day by day, areas of one shard at a time. Run again it appends what a late reading, an estimate or a change
 * of the registry made different, and tells the exception queue of areas that fell out of their band or came back into it.
 */
export async function settleLosses(database: Database, input: SettleLossesInput): Promise<SettledLosses> {
  const verdicts: Partial<Record<storage.AreaLossFigures['verdict'], number>> = {}
  const policy = input.policy ?? (await lossPolicyInForce(database, input.now))
  let [areaDays, written] = [0, 0]
  for (const serviceDate of datesIn(input.from, input.to)) {
    const day = dayOf(serviceDate, input.now)
    for (const shard of shardsOf(await storage.readSuppliedAreas(database, day, input.organisationId))) {
      const settled = await settleShard(database, serviceDate, day, shard, { ...input, policy })
      areaDays += shard.length
      written += settled.written
      for (const verdict of settled.verdicts) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
    }
    input.onDay?.()
  }
  return { areaDays, written, verdicts }
}

function dayOf(serviceDate: LocalDate, knownAt: Instant): storage.LossDay {
  return {
    dayStart: beijing.startOfDay(serviceDate),
    dayEnd: beijing.startOfDay(addDays(serviceDate, 1)),
    knownAt,
    liveToleranceMs: defaultValidationPolicy.liveToleranceMs,
  }
}

function shardsOf(areas: readonly storage.SuppliedArea[]): readonly (readonly bigint[])[] {
  const shards: bigint[][] = []
  let points = pointsPerShard
  for (const { areaId, pointCount } of areas) {
    if (points + pointCount > pointsPerShard) {
      shards.push([])
      points = 0
    }
    shards.at(-1)?.push(areaId)
    points += pointCount
  }
  return shards
}

async function settleShard(
  database: Database,
  serviceDate: LocalDate,
  day: storage.LossDay,
  areas: readonly bigint[],
  { policy, now, actor }: SettleLossesInput & { readonly policy: LossPolicy },
) {
  const segments = groupBy(await storage.readDaySegments(database, day, areas), ({ areaId }) => areaId)
  const last = new Map((await storage.readAreaLosses(database, serviceDate, areas)).map((loss) => [loss.areaId, loss]))
  const span = { days: policy.usualDays, leastDays: policy.usualLeastDays }
  const usual = await storage.readUsualLosses(database, serviceDate, areas, span)
  const losses = areas.map((areaId) => {
    const own = present(segments.get(areaId), 'supply points')
    const figures = areaLoss(own, usual.get(areaId) ?? null, policy, defaultValidationPolicy)
    return { areaId, serviceDate, revision: (last.get(areaId)?.revision ?? 0) + 1, ...figures }
  })
  const changed = losses.filter((loss) => !isSame(loss, last.get(loss.areaId)))
  const written = await database.transaction(async (tx) => {
    const count = await storage.insertAreaLosses(
      tx,
      changed.map((loss) => toRow(loss, now, actor)),
    )
    await endFindings(tx, {
      keys: changed.map((loss) => findingKey({ ...loss, revision: loss.revision - 1 })),
      reason: 'the loss of this day was worked out anew',
      recordedAt: now,
    })
    await insertFindings(
      tx,
      changed.flatMap((loss) => toFinding(loss, day)),
      now,
    )
    return count
  })
  return { written, verdicts: losses.map(({ verdict }) => verdict) }
}

function isSame(loss: storage.StoredAreaLoss, last: storage.StoredAreaLoss | undefined): boolean {
  if (last === undefined) return false
  const { revision: _, ...figures } = loss
  return Object.entries(figures).every(([name, value]) => last[name as keyof typeof figures] === value)
}

function toRow(loss: storage.StoredAreaLoss, recordedAt: Instant, actor: string) {
  return {
    transformer_area_id: loss.areaId,
    service_date: loss.serviceDate,
    revision: loss.revision,
    supply_e4: loss.supplyE4,
    fed_in_e4: loss.fedInE4,
    sold_e4: loss.soldE4,
    estimated_e4: loss.estimatedE4,
    supply_points: loss.supplyPoints,
    sold_points: loss.soldPoints,
    estimated_points: loss.estimatedPoints,
    missing_points: loss.missingPoints,
    verdict: loss.verdict,
    threshold_e4: loss.thresholdE4,
    policy_version: loss.policyVersion,
    recorded_at: recordedAt,
    actor_id: actor,
  }
}
