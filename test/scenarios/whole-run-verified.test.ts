import t from 'tap'
import { proofOf } from '../../billing/proof/build-proof.js'
import { readComponentRows } from '../../billing/proof/component-rows.js'
import { registerComponents } from '../../billing/tariffs/register-components.js'
import { signTariff } from '../../billing/tariffs/sign-tariff.js'
import { runCli } from '../../console/cli/run-cli.js'
import { proveBill, registerMapOf } from '../../console/proof/prove-bill.js'
import { present } from '../../domain/result.js'
import { beijing } from '../../domain/time.js'
import { proofBillsOf } from '../../storage/billing/proof.js'
import { aheadOf } from '../../storage/billing/proof-ahead.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, note, plantTown } from '../support/billed-july.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

const readings = [
  [1n, midnight(1), 1000, 600, 400],
  [1n, midnight(32), 1601.03, 961.01, 640.02],
  [2n, midnight(1), 2000, 1200, 800],
  [2n, midnight(32), 2100.01, 1260.01, 840],
  [3n, midnight(1), 100, 60, 40],
  [3n, midnight(32), 104.01, 62.41, 41.6],
] as const

const workshop = 'workshop'

/** A tariff of components whose price changes in mid-July, in force. */
async function plantWorkshop(test: TestDatabase): Promise<void> {
  const [billing, clock] = [test.as('billing'), createStillClock(Date.now())]
  const version = (number: number, validFrom: string, price: string, validTo: object) => ({
    version: number,
    validFrom,
    ...validTo,
    unread: 'by_days',
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    posting: { vat: { rate: '0.13' } },
    components: [{ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price } }],
  })
  const json = {
    format: 'tariff/2',
    code: workshop,
    currency: { code: 'CNY', decimals: 2 },
    versions: [version(1, '2026-01-01', '0.61', { validTo: '2026-07-16' }), version(2, '2026-07-16', '0.63', {})],
  }
  for (const { code, version: number } of await registerComponents(billing, clock, json, { author: 'tariff-1' }))
    for (const actor of ['auditor-1', 'auditor-2']) await signTariff(billing, clock, { code, version: number, actor })
}

t.test('given a posted run, the checker goes over all of it and finds one wrong fen', async (t) => {
  const test = await withDatabase(t)
  const utility = openedUtility()
  await plantTown(test, {
    ...utility,
    agreements: utility.agreements.with(2, { ...present(utility.agreements[2], 'an agreement'), tariff: workshop }),
    relations: [{ usagePoint: 'point-2', parent: 'point-1', kind: 'deducted', from: '2026-01-01T00:00:00+08:00' }],
  })
  await plantWorkshop(test)
  await note(test, readings)
  await billJuly(test)
  const [reader, owner] = [test.as('reader'), test.as('owner')]
  const [run] = await reader.query<{ run_id: string; segment_id: bigint }>('select run_id, segment_id from run_segment')
  const { run_id: runId, segment_id: segmentId } = present(run, 'a run')
  const verify = async () => {
    const io = createFakeIo({ cwd: t.testdir({}), env: { DATABASE_URL: test.url('owner') } })
    const exitCode = await runCli(['bill', 'verify', runId, '--json'], io)
    return { exitCode, ...JSON.parse(io.outText()) }
  }

  await t.test('then every bill and every total holds', async (t) => {
    t.match(await verify(), {
      exitCode: 0,
      runId,
      segments: 1,
      bills: 3,
      lines: { onTrust: [] },
      faults: 0,
      shown: [],
    })
    const io = createFakeIo({ cwd: t.testdir({}), env: { DATABASE_URL: test.url('owner') } })
    t.equal(await runCli(['bill', 'verify', runId], io), 0)
    t.match(
      io.outText(),
      /1 段 segments，3 张账单 bills，不成立 faults 0\n明细 lines：重算 worked out [1-9]\d*，未重算 taken on trust 0\n✓/,
    )
  })

  await t.test('and evidence that is read set-wise is word for word that of each bill alone', async (t) => {
    const together = await reader.transaction(async (tx) => {
      const bills = await proofBillsOf(tx, segmentId, { from: 0, limit: 10 })
      const ahead = await aheadOf(tx, bills)
      const components = await readComponentRows(tx, bills, beijing)
      const proofs = await Promise.all(bills.map((bill) => proofOf(ahead, bill, { registerMapOf, components })))
      return proofs.flatMap((proof) => (proof.ok ? [proof.value] : []))
    })
    t.same(
      together.map(({ format }) => format),
      ['proof/2', 'proof/2', 'component-proof/1'],
    )
    for (const proof of together)
      t.same(proof, (await proveBill(reader, { accountCode: proof.bill.account })).proof, proof.bill.account)
  })

  const ofAccount = `account_id = (select account_id from account where code = 'account-2')`
  await t.test('when a fen is planted in one line of one bill, then it is found there and in the sum', async (t) => {
    const shift = (fen: number) =>
      owner.execute(
        `update bill set line_fen[1] = line_fen[1] + ${fen}, amount_fen = amount_fen + ${fen} where ${ofAccount}`,
      )
    await shift(1)
    const { exitCode, bills, faults, shown } = await verify()
    t.match({ exitCode, bills, faults }, { exitCode: 1, bills: 3, faults: 2 })
    t.match(shown[0], { account: 'account-2', node: 'bill.lines[0].amount' })
    t.equal(Math.round(100 * (Number(shown[0].found) - Number(shown[0].expected))), 1)
    t.match(shown[1], { bill: null, node: 'receivable' })
    await shift(-1)
  })

  await t.test('when a fen is planted in a line of a bill under components, then it is found there', async (t) => {
    const shift = (amount: string) =>
      owner.execute(
        `update component_bill set lines = jsonb_set(lines, '{0,11}', to_jsonb(((lines #>> '{0,11}')::numeric + ${amount})::text))`,
      )
    await shift('0.01')
    t.match(await verify(), { exitCode: 1, faults: 1, shown: [{ account: 'account-3', node: 'bill.lines[0].amount' }] })
    await shift('-0.01')
  })

  await t.test(
    'when a determinant is changed behind a run that had frozen it, then bill and evidence part',
    async (t) => {
      const shift = (e4: number) =>
        owner.execute(`update determinant set energy_e4 = energy_e4 + ${e4} where ${ofAccount}`)
      await shift(10_000)
      t.match(await verify(), {
        exitCode: 1,
        bills: 3,
        faults: 1,
        shown: [{ account: 'account-2', node: 'determinant.total' }],
      })
      await shift(-10_000)
    },
  )

  await t.test('when a bill can no longer be rated, then that is a finding among others', async (t) => {
    const turn = () =>
      owner.execute(
        `update determinant set energy_e4 = -energy_e4 where account_id = (select account_id from account where code = 'account-3')`,
      )
    await turn()
    const { exitCode, bills, faults, shown } = await verify()
    t.match({ exitCode, bills, faults }, { exitCode: 1, bills: 3, faults: 1 })
    t.match(shown[0], { account: 'account-3', node: 'rated', expected: 'a bill', found: /^negative_energy tariff\./ })
    await t.rejects(proveBill(reader, { accountCode: 'account-3' }), /can no longer be rated: negative_energy/)
    await turn()
  })

  const plants = [
    ['a receivable that is a fen too high', 'update receivable set amount_fen = amount_fen + %s', 'receivable'],
    [
      'a ledger total that is a fen too high',
      'update segment_balance set debit_fen = debit_fen + %s where account_number = 1122',
      'ledger',
    ],
    ['an issue that counts one bill more', 'update segment_issue set bill_count = bill_count + %s', 'bills'],
  ] as const
  for (const [what, sql, node] of plants) {
    await t.test(`when there is ${what}, then the segment does not hold: ${node}`, async (t) => {
      const where = sql.includes('receivable set') ? ` where ${ofAccount}` : ''
      await owner.execute(sql.replace('%s', '1') + where)
      t.match(await verify(), { exitCode: 1, faults: 1, shown: [{ bill: null, account: null, node }] })
      await owner.execute(sql.replace('%s', '-1') + where)
    })
  }
  await t.test('a run that is not there is said to be none', async (t) => {
    const io = createFakeIo({ cwd: t.testdir({}), env: { DATABASE_URL: test.url('owner') } })
    t.equal(await runCli(['bill', 'verify', 'nowhere'], io), 1)
  })
})
