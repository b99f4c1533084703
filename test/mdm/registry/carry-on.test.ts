import t from 'tap'
import { bothCarried, carryOn, type Version, versionsAfter } from '../../../mdm/registry/carry-on.js'
import type { Agreement } from '../../../storage/registry/changes.js'

const said = (tariffCode: string, usageClass: Agreement['usageClass'] = null): Agreement => ({
  usagePointId: 1n,
  tariffCode,
  ladderFrom: '2026-01-01',
  usageClass,
  contractCapacityKva: null,
})
const version = (accountId: bigint, from: number, to: number | null, value: Agreement = said('a')): Version => ({
  accountId,
  account: `account-${accountId}`,
  from,
  to,
  value,
})

t.test(
  'the versions that follow one begin where it ends, and are another account’s only where that is asked for',
  (t) => {
    const all = [version(2n, 9, null), version(1n, 7, 9), version(1n, 5, 7), version(3n, 6, 8), version(1n, 12, null)]
    const cases = [
      ['its own', false, [5, 7]],
      ['and whoever took over', true, [5, 7, 9]],
    ] as const
    for (const [title, acrossAccounts, expected] of cases)
      t.same(
        versionsAfter(all, { accountId: 1n, to: 5 }, { acrossAccounts }).map(({ from }) => from),
        expected,
        title,
      )
    const twoTakeOver = [version(2n, 5, null), version(3n, 5, null)]
    t.same(versionsAfter(twoTakeOver, { accountId: 1n, to: 5 }, { acrossAccounts: true }), [], 'nobody knows who')
    t.same(versionsAfter(all, { accountId: 1n, to: null }, { acrossAccounts: true }), [], 'it goes on')
    t.end()
  },
)

t.test('a field goes on into what copied it, up to the first version that says something else', (t) => {
  const following = [
    version(1n, 5, 7, said('b', 'commercial')),
    version(1n, 7, 9, said('b', 'agricultural')),
    version(1n, 9, null, said('b', 'commercial')),
  ]
  const { versions, carried } = carryOn(following, said('a', 'commercial'), said('a', 'residential'))
  t.same(
    versions.map(({ from, value }) => [from, value.usageClass, value.tariffCode]),
    [[5, 'residential', 'b']],
    'the last one said commercial by itself',
  )
  t.same(carried, [{ account: 'account-1', from: 5, field: 'usageClass', was: 'commercial', becomes: 'residential' }])
  t.same(carryOn(following, said('b', 'commercial'), said('b', 'commercial')), { versions: [], carried: [] })
  const two = carryOn(following, said('b', 'commercial'), said('c', 'residential'))
  t.same(
    two.versions.map(({ from, value }) => [from, value.tariffCode, value.usageClass]),
    [
      [5, 'c', 'residential'],
      [7, 'c', 'agricultural'],
      [9, 'c', 'commercial'],
    ],
    'each field by itself',
  )
  t.end()
})

t.test('what is withdrawn and put in its place is told as one step', (t) => {
  const one = { account: 'account-1', from: 5, field: 'usageClass', was: 'commercial', becomes: 'residential' } as const
  const next = { ...one, was: 'residential', becomes: 'agricultural' }
  t.same(bothCarried([one], [next]), [{ ...one, becomes: 'agricultural' }])
  t.same(bothCarried([one], [{ ...next, becomes: 'commercial' }]), [], 'as it was')
  t.same(bothCarried([one], [{ ...next, from: 3 }]), [{ ...next, from: 3 }, one])
  t.end()
})
