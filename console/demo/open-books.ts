import { bookOpenings } from '../../billing/runs/book-openings.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { insertOpeningApproval, readOpeningBatches, takeOpeningLadders } from '../../storage/registry/openings.js'

/** What the old books say comes in with the master data; two people compared it with them, and the first bills go on from there. */
export async function openBooks(
  { console, mdm, billing }: Readonly<Record<'console' | 'mdm' | 'billing', Database>>,
  approvedAt: Instant,
): Promise<void> {
  for (const { code, sha256 } of await readOpeningBatches(console))
    for (const approver of ['tariff-2', 'tariff-3'])
      await insertOpeningApproval(console, { code, sha256, approver, approvedAt })
  await takeOpeningLadders(mdm)
  await bookOpenings(billing, { actor: 'accountant-1', now: approvedAt })
}
