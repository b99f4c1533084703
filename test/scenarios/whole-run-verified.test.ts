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
  const version = (number: number, validFrom: string, price: string, succession: object) => ({
    version: number,
    validFrom,
    ...succession,
    unread: 'by_days',
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    posting: { vat: { rate: '0.13' } },
    components: [{ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price } }],
  })
  const json = {
    format: 'tariff/2',
    code: workshop,
    currency: { code: 'CNY', decimals: 2 },
    versions: [version(1, '2026-01-01', '0.61', {}), version(2, '2026-07-16', '0.63', { succeeds: true })],
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

  // What is planted with triggers off, how it is put back, and where each of it is found.
  const other = `account_id = (select account_id from account where code = 'account-1')`
  const here = `(segment_id, ordinal) = (select segment_id, ordinal from bill where ${ofAccount})`
  const workshopBill = `(segment_id, ordinal) = (select segment_id, ordinal from component_bill)`
  const plants: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      'a receivable that is a fen too high',
      `update receivable set amount_fen = amount_fen + 1 where ${ofAccount}`,
      `update receivable set amount_fen = amount_fen - 1 where ${ofAccount}`,
      ['account-2 receivable.amount', 'null receivable'],
    ],
    [
      'a fen that one receivable has from another, so that the sum holds',
      `update receivable set amount_fen = amount_fen + case when ${ofAccount} then 1 else -1 end where ${ofAccount} or ${other}`,
      `update receivable set amount_fen = amount_fen - case when ${ofAccount} then 1 else -1 end where ${ofAccount} or ${other}`,
      ['account-1 receivable.amount', 'account-2 receivable.amount'],
    ],
    [
      'a receivable of somebody else',
      `update receivable set account_id = 1 where ${here}`,
      `update receivable set account_id = 2 where ${here}`,
      ['account-2 receivable.account'],
    ],
    [
      'a receivable that is due sooner',
      `update receivable set due_date = due_date - 1 where ${here}`,
      `update receivable set due_date = due_date + 1 where ${here}`,
      ['account-2 receivable.dueDate'],
    ],
    [
      'a receivable of no bill',
      `insert into receivable select segment_id, 99, account_id, due_date, 0, null from receivable where ${here}`,
      `delete from receivable where ordinal = 99`,
      ['null bill 100: receivable'],
    ],
    [
      'an entry on another account',
      `update journal_entry set account_id = 1 where ${here}`,
      `update journal_entry set account_id = 2 where ${here}`,
      ['null ledger.chain', 'account-2 entry.account'],
    ],
    [
      'an entry of another day',
      `update journal_entry set effective_date = effective_date + 1 where ${here}`,
      `update journal_entry set effective_date = effective_date - 1 where ${here}`,
      ['null ledger.chain', 'account-2 entry.date'],
    ],
    [
      'a ledger total that is a fen too high',
      'update segment_balance set debit_fen = debit_fen + 1 where account_number = 1122',
      'update segment_balance set debit_fen = debit_fen - 1 where account_number = 1122',
      ['null ledger.balances', 'null ledger'],
    ],
    [
      'a fen more on both sides of the ledger',
      'update segment_balance set debit_fen = debit_fen + 1, credit_fen = credit_fen + 1 where account_number = 1122',
      'update segment_balance set debit_fen = debit_fen - 1, credit_fen = credit_fen - 1 where account_number = 1122',
      ['null ledger.balances'],
    ],
    [
      'an issue that counts one bill more',
      'update segment_issue set bill_count = bill_count + 1',
      'update segment_issue set bill_count = bill_count - 1',
      ['null bills'],
    ],
    [
      'numbers that nobody has taken',
      'update segment_issue set first_number = first_number + 1000',
      'update segment_issue set first_number = first_number - 1000',
      ['null numbers'],
    ],
    [
      'a reviewer who issued',
      `update segment_issue set issued_by = 'reviewer-1'`,
      `update segment_issue set issued_by = 'issuer-1'`,
      ['null people.reviewer'],
    ],
    [
      'a dry run of a fen more',
      'update segment_result set amount_fen = amount_fen + 1',
      'update segment_result set amount_fen = amount_fen - 1',
      ['null rated.amount'],
    ],
    [
      'an input that is not the one that was frozen',
      'update run_input set usages = set_byte(usages, 40, (get_byte(usages, 40) + 1) % 256)',
      'update run_input set usages = set_byte(usages, 40, (get_byte(usages, 40) + 255) % 256)',
      ['null input'],
    ],
    [
      'a state that the next bill would open with',
      `update component_bill set closing = jsonb_set(closing, '{quantities,0,value}', '"1"') where ${workshopBill}`,
      `update component_bill set closing = jsonb_set(closing, '{quantities,0,value}', '"40.1"') where ${workshopBill}`,
      ['account-3 closing.quantities[0].value'],
    ],
    [
      'a ladder that the next bill would go on from',
      `update bill set ladder_energy_e4 = 10000 where ${workshopBill}`,
      `update bill set ladder_energy_e4 = 0 where ${workshopBill}`,
      ['account-3 bill.ladderEnergy'],
    ],
    [
      'another multiplier in the master data',
      'update multiplier_timeline set ct_ratio = 2 * ct_ratio where usage_point_id = 2',
      'update multiplier_timeline set ct_ratio = ct_ratio / 2 where usage_point_id = 2',
      ['account-2 determinant.multiplier'],
    ],
    [
      'an agreement on another tariff',
      `update agreement_timeline set tariff_code = 'sd-residential' where ${ofAccount}`,
      `update agreement_timeline set tariff_code = 'sd-residential-tou' where ${ofAccount}`,
      ['account-2 determinant.agreement'],
    ],
    [
      'meters that changed places',
      'update installation_timeline set meter_id = 3 - meter_id where usage_point_id in (1, 2)',
      'update installation_timeline set meter_id = 3 - meter_id where usage_point_id in (1, 2)',
      ['account-1 determinant.meter', 'account-2 determinant.meter'],
    ],
    [
      'a determinant of another time',
      `update determinant set period_start = period_start + interval '1 hour' where ${ofAccount}`,
      `update determinant set period_start = period_start - interval '1 hour' where ${ofAccount}`,
      ['account-1 relations.points[0].segments[0].from', 'account-2 rated', 'account-2 determinant.period'],
    ],
  ]
  for (const [what, plant, back, nodes] of plants) {
    await t.test(`when there is ${what}, then that is found: ${nodes.join(', ')}`, async (t) => {
      const untriggered = (sql: string) =>
        owner.transaction(async (tx) => {
          await tx.query(`set local session_replication_role = replica`)
          await tx.execute(sql)
        })
      await untriggered(plant)
      const { exitCode, shown } = await verify()
      t.equal(exitCode, 1)
      t.same(
        shown.map(({ account, node }: { account: string | null; node: string }) => `${account} ${node}`),
        nodes,
      )
      await untriggered(back)
    })
  }
  await t.test('and all of it put back holds', async (t) => t.match(await verify(), { exitCode: 0, faults: 0 }))
  await t.test('a run that is not there is said to be none', async (t) => {
    const io = createFakeIo({ cwd: t.testdir({}), env: { DATABASE_URL: test.url('owner') } })
    t.equal(await runCli(['bill', 'verify', 'nowhere'], io), 1)
  })
})
