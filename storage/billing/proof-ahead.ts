import { groupBy } from '../../domain/group-by.js'
import { quantities } from '../../domain/quantities.js'
import type { Transaction } from '../database.js'
import type { RelationRow } from '../mdm/determinant-relations.js'
import {
  type AskedReading,
  findProofDeterminants,
  findProofMeters,
  findProofReadings,
  type ProofDeterminantRow,
} from './proof.js'
import { type ProofClient, readingKey } from './proof-client.js'
import { findDaysOfMany } from './proof-interval-days.js'
import { findProofOpenings } from './proof-openings.js'
import { type AskedDemands, findDemandsOfMany, findTransformersOfMany } from './proof-quantities.js'
import { accountsWithRelations, findProofMembers, findProofRelations, usagePointCodes } from './proof-relations.js'
import type { ProofBillRow, ProofMemberRow } from './proof-rows.js'

/** What proofs ask for beside the energy that is billed. */
export interface FurtherAsked {
  readonly readings: readonly AskedReading[]
  readonly demands: readonly AskedDemands[]
  /** Accounts that bear the loss of a transformer. */
  readonly withLosses: ReadonlySet<bigint>
  /** Accounts that are billed by interval days. */
  readonly withDays: readonly bigint[]
}

export const nothingFurther: FurtherAsked = { readings: [], demands: [], withLosses: new Set(), withDays: [] }

/**
 * The same transaction with everything read that proofs of these bills of one run ask for: a handful of queries, however many bills, meters,
 * quantities and relations there are.
 */
export async function aheadOf(
  tx: Transaction,
  bills: readonly ProofBillRow[],
  further: FurtherAsked = nothingFurther,
): Promise<Transaction & ProofClient> {
  const [first] = bills
  if (first === undefined) return tx
  const { set_id: setId, frozen_at: knownAt, run_period_start: from, run_period_end: to } = first
  const own = bills.map(({ account_id }) => account_id)
  const determinants = await findProofDeterminants(tx, setId, own)
  const withRelations = await accountsWithRelations(tx, setId, own)
  const related = determinants.filter(({ account_id }) => withRelations.has(account_id))
  const group = await groupOf(tx, related, { setId, periodStart: from, periodEnd: to, knownAt })
  const members: readonly ProofMemberRow[] = [...determinants, ...group.rows]
  const accountIds = [...new Set(members.map(({ account_id }) => account_id))]
  const asked = [...energyReadings(members), ...further.readings]
  const meterIds = [...new Set([...asked, ...further.demands].map(({ meterId }) => meterId))]
  const readings = await findProofReadings(tx, asked, knownAt)
  const meters = await findProofMeters(tx, meterIds, knownAt)
  const points = determinants.filter(({ account_id }) => further.withLosses.has(account_id)).map(pointOf)
  return {
    ...tx,
    ahead: {
      accounts: new Set(accountIds),
      determinants: new Map(determinants.map((row) => [row.account_id, row])),
      meters: new Map(meters.map((row) => [row.meter_id, row])),
      readings: new Map(readings.map((row) => [readingKey(row.meter_id, row.quantity, row.read_at), row])),
      openings: await findProofOpenings(tx, accountIds, knownAt),
      withRelations: await accountsWithRelations(tx, setId, accountIds),
      relations: group.relations,
      members: group.members,
      pointCodes: group.codes,
      demands: await findDemandsOfMany(tx, further.demands, knownAt),
      transformers: await findTransformersOfMany(tx, [...new Set(points)], { setId, from, to, knownAt }),
      days: await findDaysOfMany(tx, { setId, accountIds: further.withDays, knownAt }),
    },
  }
}

function pointOf({ usage_point_id }: ProofDeterminantRow): bigint {
  return usage_point_id
}

/** The readings at both ends of each segment. */
function energyReadings(members: readonly ProofMemberRow[]): readonly AskedReading[] {
  const quantity = quantities.forward_active_energy.code
  return members.flatMap(({ meter_ids, start_reads, end_reads }) =>
    meter_ids.flatMap((meterId, index) =>
      [start_reads[index], end_reads[index]].flatMap((readAt) =>
        readAt === undefined ? [] : [{ meterId, quantity, readAt }],
      ),
    ),
  )
}

interface RelatedPoints {
  readonly relations: readonly RelationRow[] | null
  readonly members: ReadonlyMap<bigint, readonly ProofMemberRow[]>
  readonly rows: readonly ProofMemberRow[]
  readonly codes: ReadonlyMap<bigint, string>
}

/** All usage points that are bound to these by relations, with their accounts. */
async function groupOf(
  tx: Transaction,
  related: readonly ProofDeterminantRow[],
  { setId, ...freeze }: { readonly setId: bigint } & Parameters<typeof findProofRelations>[1],
): Promise<RelatedPoints> {
  if (related.length === 0) return { relations: null, members: new Map(), rows: [], codes: new Map() }
  const relations = await findProofRelations(tx, freeze)
  const points = [...boundTo(related.map(pointOf), relations)]
  const rows = await findProofMembers(tx, setId, points)
  const ofPoint = groupBy(rows, ({ usage_point_id }) => usage_point_id)
  return {
    relations,
    members: new Map(points.map((point) => [point, ofPoint.get(point) ?? []])),
    rows,
    codes: await usagePointCodes(tx, points),
  }
}

function boundTo(points: readonly bigint[], relations: readonly RelationRow[]): ReadonlySet<bigint> {
  const neighbours = groupBy(
    relations.flatMap(({ childId, parentId }) => [
      [childId, parentId],
      [parentId, childId],
    ]),
    ([point = 0n]) => point,
  )
  const found = new Set(points)
  // A set hands out what is added while it is gone through.
  for (const point of found) for (const [, other = 0n] of neighbours.get(point) ?? []) found.add(other)
  return found
}
