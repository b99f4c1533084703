import { quantities } from '../../domain/quantities.js'
import type { Transaction } from '../database.js'
import { findProofDeterminants, findProofMeters, findProofReadings } from './proof.js'
import { type ProofClient, readingKey } from './proof-client.js'
import { findProofOpenings } from './proof-openings.js'
import { accountsWithRelations } from './proof-relations.js'
import type { ProofBillRow } from './proof-rows.js'

/**
 * The same transaction with everything read that proofs of these bills of one run ask for: a handful of queries instead of ten for each bill.
 * What relations need of other accounts is still asked for one by one.
 */
export async function aheadOf(tx: Transaction, bills: readonly ProofBillRow[]): Promise<Transaction & ProofClient> {
  const [first] = bills
  if (first === undefined) return tx
  const accountIds = bills.map(({ account_id }) => account_id)
  const determinants = await findProofDeterminants(tx, first.set_id, accountIds)
  const meterIds = [...new Set(determinants.flatMap(({ meter_ids }) => meter_ids))]
  const quantity = quantities.forward_active_energy.code
  const asked = determinants.flatMap(({ meter_ids, start_reads, end_reads }) =>
    meter_ids.flatMap((meterId, index) =>
      [start_reads[index], end_reads[index]].flatMap((readAt) => (readAt === undefined ? [] : [{ meterId, readAt }])),
    ),
  )
  const readings = await findProofReadings(tx, quantity, asked, first.frozen_at)
  const meters = await findProofMeters(tx, meterIds, first.frozen_at)
  return {
    ...tx,
    ahead: {
      accounts: new Set(accountIds),
      determinants: new Map(determinants.map((row) => [row.account_id, row])),
      meters: new Map(meters.map((row) => [row.meter_id, row])),
      readings: new Map(readings.map((row) => [readingKey(row.meter_id, quantity, row.read_at), row])),
      openings: await findProofOpenings(tx, accountIds, first.frozen_at),
      withRelations: await accountsWithRelations(tx, first.set_id, accountIds),
    },
  }
}
