import t from 'tap'
import { checkProof } from '../../billing/checker/check-proof.js'
import { runCli } from '../../console/cli/run-cli.js'
import { proveBill, type ProvedBill } from '../../console/proof/prove-bill.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { RelationEntry } from '../../domain/usage-point-entries.js'
import { present } from '../../domain/result.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, smallUtility } from '../mdm/support/small-utility.js'
import { billJuly, julyOf, note, plantTown } from '../support/billed-july.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { sameAhead } from '../support/proofs-ahead.js'

const from = '2026-01-01T00:00:00+08:00'

/** The small utility with two usage points without a meter, 4 and 5, whose ladders begin in July. */
function town(relations: readonly RelationEntry[]): RegistryDocument {
  const base = smallUtility()
  const more = ['4', '5']
  const like = <E>(entries: readonly E[], patch: (n: string) => Partial<E>): readonly E[] => [
    ...entries,
    ...more.flatMap((n) => entries.slice(0, 1).map((entry) => ({ ...entry, ...patch(n) }))),
  ]
  return {
    ...base,
    usagePoints: like(base.usagePoints, (n) => ({ code: `point-${n}`, supplyAddress: `${n} Street` })),
    customers: like(base.customers, (n) => ({ code: `customer-${n}` })),
    accounts: like(base.accounts, (n) => ({ code: `account-${n}`, customer: `customer-${n}` })),
    agreements: like(base.agreements, (n) => ({ account: `account-${n}`, usagePoint: `point-${n}` })).map((one) => ({
      ...one,
      ladderFrom: '2026-07-01',
    })),
    relations,
  }
}

const readings = [
  [1n, midnight(1), 1000, 600, 400],
  [1n, midnight(32), 1601.03, 961.01, 640.02],
  [2n, midnight(1), 2000, 1200, 800],
  [2n, midnight(32), 2100.01, 1260.01, 840],
  [3n, midnight(1), 100, 60, 40],
  [3n, midnight(32), 104.01, 62.41, 41.6],
] as const

async function bill(
  test: TestDatabase,
  relations: readonly RelationEntry[],
): Promise<Readonly<Record<string, string>>> {
  await plantTown(test, town(relations))
  await note(test, readings)
  await billJuly(test)
  return julyOf(test)
}

/** Every text that stands at a place of a document, with the document in which it is another one. */
function changed(proof: ProvedBill['proof'], from_: string, to: string): unknown {
  const text = JSON.stringify(proof)
  if (!text.includes(from_)) throw new Error(`${from_} is nowhere`)
  return JSON.parse(text.replace(from_, to))
}

t.test('a bill proves what relations gave it, down to the frames and notes of others', async (t) => {
  const test = await withDatabase(t)
  const july = await bill(test, [
    { usagePoint: 'point-2', parent: 'point-1', kind: 'deducted', from },
    { usagePoint: 'point-3', parent: 'point-1', kind: 'main_sub', from },
    { usagePoint: 'point-4', parent: 'point-1', kind: 'quantity', quantityKwh: '33.33', from },
    { usagePoint: 'point-5', parent: 'point-1', kind: 'share', share: '0.333333', from },
  ])
  // 601.03 − 33.33 = 567.70; × 0.333333 = 189.2331; 601.03 − 33.33 − 189.2331 − 100.01 = 278.4569.
  t.same(july, {
    'account-1': '278.46',
    'account-2': '100.01',
    'account-3': '40.10',
    'account-4': '33.33',
    'account-5': '189.23',
  })
  const reader = test.as('reader')
  const proofs: Record<string, ProvedBill['proof']> = {}
  for (const accountCode of Object.keys(july)) {
    const { proof, verdict } = await proveBill(reader, { accountCode })
    t.match(verdict, { holds: true, lines: { onTrust: [] } }, accountCode)
    proofs[accountCode] = proof
  }
  await sameAhead(t, test, 'county:2026-07-01:2026-08-01:r1')
  const proofOf = (account: string) => present(proofs[account], account)
  const [parent, share, alone] = [proofOf('account-1'), proofOf('account-5'), proofOf('account-2')]
  t.equal(alone.relations, null, 'a child with a meter rests on its own meter alone')
  t.match(share.segments, [], 'a share has no readings of its own')
  t.same(
    share.relations?.points.map(({ point }) => point),
    ['point-1'],
    'and shows no meter but its parent’s',
  )
  t.notMatch(JSON.stringify(share), /account-1|customer-/, 'nor whose it is')
  const cases = [
    [parent, '"quantity":"33.33"', '"quantity":"33.34"', /determinant\.total/],
    [share, '"share":"0.333333"', '"share":"0.333334"', /determinant\.total/],
    [share, '"total":"1601.03"', '"total":"1601.04"', /determinant\.total/],
    [share, '"kind":"share"', '"kind":"quantity"', /relations\.relations\[1\]\.quantity/],
    [parent, '"total":"2100.01"', '"total":"2900.01"', /relations/],
    [parent, '"kind":"deducted"', '"kind":"main_sub"', /determinant\.total/],
    [parent, '"source":"field"', '"source":null', /document|sha256|frame/],
  ] as const
  for (const [proof, before, after, node] of cases)
    t.match(checkProof(changed(proof, before, after)), { holds: false, node }, after)

  const io = createFakeIo({ cwd: t.testdir({}), env: { DATABASE_URL: test.url('owner') } })
  t.equal(await runCli(['bill', 'prove', '--account', 'account-5'], io), 0)
  t.match(io.outText(), /point-5 ⊂ point-1 · 定比 share 0\.333333/)
  t.match(io.outText(), /point-1 表 meter meter-1 × 1/)
})

t.test('a share of a share is proved from the one meter there is', async (t) => {
  const test = await withDatabase(t)
  const july = await bill(test, [
    { usagePoint: 'point-4', parent: 'point-1', kind: 'share', share: '0.5', from },
    { usagePoint: 'point-5', parent: 'point-4', kind: 'share', share: '0.1', from },
  ])
  // 601.03 / 2 = 300.515; a tenth of that.
  t.match(july, { 'account-1': '300.52', 'account-4': '270.46', 'account-5': '30.05' })
  for (const accountCode of ['account-1', 'account-4', 'account-5']) {
    const { verdict } = await proveBill(test.as('reader'), { accountCode })
    t.match(verdict, { holds: true, lines: { onTrust: [] } }, accountCode)
  }
})

t.test('faults of master data that move money hold the bills they touch, and say which', async (t) => {
  const base = town([])
  const patched = (account: string, patch: object): RegistryDocument['agreements'] =>
    base.agreements.map((one) => (one.account === account ? { ...one, ...patch } : one))
  const share = { parent: 'point-1', kind: 'share', share: '0.6', from } as const
  const cases: readonly (readonly [string, RegistryDocument, Readonly<Record<string, string>>])[] = [
    [
      'large industry without a contract capacity',
      { ...base, agreements: patched('account-1', { usageClass: 'large_industrial' }) },
      { 'account-1': 'no_contract_capacity', 'account-2': '100.01', 'account-3': '40.10' },
    ],
    [
      'shares above one',
      town([
        { usagePoint: 'point-4', ...share },
        { usagePoint: 'point-5', ...share },
      ]),
      { 'account-1': 'shares_above_one', 'account-4': 'relation_member_held', 'account-2': '100.01' },
    ],
    [
      'a parent without a meter',
      town([{ usagePoint: 'point-2', parent: 'point-4', kind: 'main_sub', from }]),
      { 'account-2': 'parent_without_meter', 'account-4': 'parent_without_meter', 'account-1': '601.03' },
    ],
    [
      'two meters of one address on a line',
      {
        ...base,
        meters: base.meters.map((one, index) =>
          index === 1 ? { ...one, communicationAddress: base.meters[0]?.communicationAddress ?? '' } : one,
        ),
      },
      { 'account-1': 'address_twice', 'account-2': 'address_twice', 'account-3': '40.10' },
    ],
    [
      'a tariff nobody has',
      { ...base, agreements: patched('account-1', { tariff: 'nowhere' }) },
      { 'account-1': 'unknown_tariff', 'account-2': '100.01' },
    ],
  ]
  for (const [title, document, expected] of cases) {
    const test = await withDatabase(t)
    await plantTown(test, document)
    await note(test, readings)
    await billJuly(test)
    t.match(await julyOf(test), expected, title)
  }
})
