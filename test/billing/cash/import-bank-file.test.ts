import t from 'tap'
import { importBankFile } from '../../../billing/cash/import-bank-file.js'
import { auditLedger } from '../../../billing/ledger/audit-ledger.js'
import { trialBalance } from '../../../billing/ledger/trial-balance.js'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { postRun } from '../../../billing/runs/post-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import type { Database } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { allRows, arrangeBilling, billingClock as clock, freezeInput } from '../runs/billing-fixture.js'

function file(statement: string, total: string, ...rows: readonly string[]): string {
  const payments = rows.map((row, index) => `${row},2026-08-10T0${index + 1}:00:00+08:00\n`)
  return `#shuangwu-bank-file,bank-1,${statement},${rows.length},${total}\n${payments.join('')}`
}

async function issueEverything(database: Database): Promise<void> {
  const { runId } = await freezeRun(database, clock, freezeInput)
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await issueRun(database, clock, { runId, actor: 'issuer-1' })
  await postRun(database, clock, { runId, actor: 'system' })
}

t.test('books partial, exact and excess payments once, whatever is sent twice', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  const owner = test.as('owner')
  await issueEverything(database)
  const book = (text: string) => importBankFile(database, clock, { text, actor: 'system' })
  const openFen = async (code: string) => {
    const [row] = await database.query<{ open_fen: bigint }>(
      'select open_fen from open_item join account a using (account_id) where a.code = $1',
      [code],
    )
    return row?.open_fen
  }

  // A-1 owes 124.23, A-2 52.69. Two payments of one account in one file share what is open.
  const first = file('1', '224.23', 'R-1,A-1,100.00', 'R-2,A-1,50.00', 'R-3,A-2,52.69', 'R-4,A-9,21.54')
  t.match(await book(first), { created: 4, clearedFen: 17_692n, prepaidFen: 2_577n, unidentifiedFen: 2_154n })
  t.equal(await openFen('A-1'), 0n)
  t.equal(await openFen('A-2'), 0n)
  const before = await allRows(owner)
  t.match(await book(first), { created: 0, existing: 4, amountFen: 0n })
  t.same(await allRows(owner), before, 'the same file again changes nothing')

  // A later statement that repeats a payment books only what is new.
  t.match(await book(file('2', '104.23', 'R-1,A-1,100.00', 'R-5,A-3,4.23')), {
    created: 1,
    existing: 1,
    clearedFen: 423n,
  })
  t.equal(await openFen('A-3'), 5_046n)

  const refused = await allRows(owner)
  const refuses = (text: string, message: RegExp) => t.rejects(book(text), { name: 'UserError', message })
  await refuses(
    file('3', '100.01', 'R-1,A-1,100.01'),
    /exists_with_different_amount: payment R-1 .* 100\.00, not 100\.01/,
  )
  await refuses(file('3', '100.00', 'R-1,A-2,100.00'), /exists_with_different_account/)
  await refuses(file('3', '110.00', 'R-6,A-4,10.00', 'R-1,A-1,100.00'), /exists_with_different_time/)
  await refuses(file('1', '5.00', 'R-7,A-4,5.00'), /statement_differs/)
  await refuses(file('3', '6.00', 'R-7,A-4,5.00'), /line 1: total_differs/)
  await t.rejects(importBankFile(database, clock, { text: first, actor: 'nobody' }), { name: 'UserError' })
  t.same(await allRows(owner), refused, 'a refused file leaves nothing')

  const balance = await trialBalance(database)
  t.ok(balance.balanced)
  const cash = balance.accounts.filter(({ accountNumber }) => [1012, 2203, 2299].includes(accountNumber))
  t.same(
    cash.map(({ accountNumber, debitFen, creditFen }) => [accountNumber, debitFen, creditFen]),
    [
      [1012, 22_846n, 0n],
      [2203, 0n, 2_577n],
      [2299, 0n, 2_154n],
    ],
  )
  t.same((await auditLedger(database)).faults, [])
})
