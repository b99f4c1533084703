import type { Test } from 'tap'
import { askedAhead } from '../../billing/proof/asked-ahead.js'
import { proofOf } from '../../billing/proof/build-proof.js'
import { readComponentRows } from '../../billing/proof/component-rows.js'
import { proveBill, registerMapOf } from '../../console/proof/prove-bill.js'
import { present } from '../../domain/result.js'
import { beijing } from '../../domain/time.js'
import { proofBillsOf } from '../../storage/billing/proof.js'
import { aheadOf } from '../../storage/billing/proof-ahead.js'
import type { TestDatabase } from './database.js'

/** The bills of the first segment of a run, whose evidence is read set-wise: it is that of each bill alone, and nothing is asked for bill by bill. */
export async function sameAhead(t: Test, test: TestDatabase, runId: string): Promise<void> {
  const reader = test.as('reader')
  const [segment] = await reader.query<{ segment_id: bigint }>(
    'select segment_id from run_segment where run_id = $1 order by segment_no limit 1',
    [runId],
  )
  const asked: string[] = []
  const together = await reader.transaction(async (tx) => {
    const bills = await proofBillsOf(tx, present(segment, runId).segment_id, { from: 0, limit: 100 })
    const components = await readComponentRows(tx, bills, beijing)
    const ahead = await aheadOf(tx, bills, askedAhead(components))
    const query: typeof ahead.query = (sql, values) => {
      asked.push(sql)
      return ahead.query(sql, values)
    }
    const proofs = []
    for (const bill of bills) {
      const proof = await proofOf({ ...ahead, query }, bill, { registerMapOf, components })
      if (proof.ok) proofs.push(proof.value)
    }
    return proofs
  })
  // Where a ladder stood is read with the settings of its COPY, for all bills at once in a run's verification.
  t.same(
    asked.filter((sql) => !sql.includes('set_config')),
    [],
    'nothing is asked for bill by bill',
  )
  for (const proof of together)
    t.same(proof, (await proveBill(reader, { accountCode: proof.bill.account })).proof, proof.bill.account)
}
