import fc from 'fast-check'
import t from 'tap'
import type { Energies } from '../../../mdm/determinants/determinant.js'
import type { Member } from '../../../mdm/relations/member.js'
import { isMetered, type Relation, type RelationRule } from '../../../mdm/relations/relation.js'
import { resolveGroup } from '../../../mdm/relations/resolve-group.js'

const day = 86_400_000
const period = {
  periodStart: 0,
  periodEnd: 31 * day,
  codeOf: (id: bigint) => `point-${id}`,
  minuteOf: (instant: number) => `day ${instant / day}`,
}

/** A point whose meter measured so many kWh, all in tou3; null: nothing measures here. */
function point(usagePointId: bigint, kwh: bigint | null, part: Partial<Member> = {}): Member {
  const stretches = kwh === null ? null : [{ from: 0, to: 31 * day, energies: flat(kwh) }]
  return { usagePointId, accountIds: [usagePointId], stretches, ...part }
}

function flat(kwh: bigint): Energies {
  return [kwh * 10_000n, 0n, 0n, kwh * 10_000n, 0n]
}

function relation(childId: bigint, parentId: bigint, rule: RelationRule, from = 0, to = 31): Relation {
  return { childId, parentId, rule, from: from * day, to: to * day }
}

const deducted = { kind: 'deducted' } as const
const mainSub = { kind: 'main_sub' } as const
const share = (percent: bigint) => ({ kind: 'share', shareE6: percent * 10_000n }) as const
const quantity = (kwh: bigint) => ({ kind: 'quantity', quantityE4: kwh * 10_000n }) as const

/** kWh each point bears, or why it is held; `doubt` where its own quantity is. */
function borne(members: readonly Member[], relations: readonly Relation[]): Readonly<Record<string, string>> {
  const resolved = resolveGroup(members, relations, period)
  return Object.fromEntries(
    members.map(({ usagePointId }) => {
      const one = resolved.get(usagePointId)
      if (one === undefined) return [String(usagePointId), 'doubt']
      return [String(usagePointId), one.ok ? String(Number(one.value.energies[0]) / 10_000) : one.error.kind]
    }),
  )
}

t.test('what each bears, by hand', (t) => {
  const split = [
    { from: 0, to: 15 * day, energies: flat(400n) },
    { from: 15 * day, to: 31 * day, energies: flat(600n) },
  ]
  const cases: readonly [string, readonly Member[], readonly Relation[], Readonly<Record<string, string>>][] = [
    ['套扣', [point(1n, 1000n), point(2n, 300n)], [relation(2n, 1n, deducted)], { 1: '700', 2: '300' }],
    [
      '总分 is checked and changes nothing',
      [point(1n, 1000n), point(2n, 300n)],
      [relation(2n, 1n, mainSub)],
      { 1: '1000', 2: '300' },
    ],
    [
      // 1000 − 100 = 900 left; 20 % of that are 180; 1000 − 100 − 180 − 300 = 420.
      '定量 first, 定比 of what it leaves, 套扣 last',
      [point(1n, 1000n), point(2n, 300n), point(3n, null), point(4n, null)],
      [relation(2n, 1n, deducted), relation(3n, 1n, share(20n)), relation(4n, 1n, quantity(100n))],
      { 1: '420', 2: '300', 3: '180', 4: '100' },
    ],
    [
      'over three levels: 3 lies within 2 within 1; 4 is half of 3',
      [point(1n, 1000n), point(2n, 600n), point(3n, 200n), point(4n, null)],
      [relation(2n, 1n, deducted), relation(3n, 2n, deducted), relation(4n, 3n, share(50n))],
      { 1: '400', 2: '400', 3: '100', 4: '100' },
    ],
    [
      'a share of a share',
      [point(1n, 1000n), point(2n, null), point(3n, null)],
      [relation(2n, 1n, share(40n)), relation(3n, 2n, share(25n))],
      { 1: '600', 2: '300', 3: '100' },
    ],
    [
      'children of 总分 measure more than the parent',
      [point(1n, 500n), point(2n, 501n)],
      [relation(2n, 1n, mainSub)],
      { 1: 'relation_negative', 2: '501' },
    ],
    [
      'children of 套扣 likewise',
      [point(1n, 500n), point(2n, 501n)],
      [relation(2n, 1n, deducted)],
      { 1: 'relation_negative', 2: '501' },
    ],
    [
      'fixed quantities are more than there is',
      [point(1n, 150n), point(2n, null), point(3n, null)],
      [relation(2n, 1n, quantity(100n)), relation(3n, 1n, quantity(60n))],
      { 1: 'relation_negative', 2: 'relation_member_held', 3: 'relation_member_held' },
    ],
    [
      'shares are more than the whole',
      [point(1n, 150n), point(2n, null)],
      [relation(2n, 1n, share(101n))],
      { 1: 'shares_above_one', 2: 'relation_member_held' },
    ],
    [
      'doubt goes up from measured children and down to children without a meter, and no further',
      [point(1n, 1000n), point(2n, null), point(3n, null), point(4n, 10n), point(5n, 10n)],
      [relation(2n, 1n, deducted), relation(3n, 1n, share(10n)), relation(4n, 2n, deducted), relation(5n, 1n, mainSub)],
      { 1: 'relation_member_held', 2: 'doubt', 3: 'relation_member_held', 4: '10', 5: '10' },
    ],
    [
      'a share that has a meter',
      [point(1n, 1000n), point(2n, 5n)],
      [relation(2n, 1n, share(10n))],
      { 1: '900', 2: 'relation_changed' },
    ],
    [
      'from a day without a reading of the child',
      [point(1n, 1000n), point(2n, 300n)],
      [relation(2n, 1n, deducted, 15)],
      { 1: 'relation_changed', 2: '300' },
    ],
    [
      'from a day on which the child was read',
      [point(1n, 1000n), point(2n, 0n, { stretches: split })],
      [relation(2n, 1n, deducted, 15)],
      { 1: '400', 2: '1000' },
    ],
    [
      'a share from a day without a reading of the parent',
      [point(1n, 1000n), point(2n, null)],
      [relation(2n, 1n, share(10n), 15)],
      { 1: 'relation_changed', 2: 'relation_member_held' },
    ],
    [
      // 10 % of the 600 kWh after the 15th, and 16 of 31 days of 31 kWh before the share is taken: (600 − 16) × 10 %.
      'a share and a quantity from a day on which the parent was read',
      [point(1n, 0n, { stretches: split }), point(2n, null), point(3n, null)],
      [relation(2n, 1n, share(10n), 15), relation(3n, 1n, quantity(31n), 15)],
      { 1: '925.6', 2: '58.4', 3: '16' },
    ],
    [
      'a parent whose account changes',
      [point(1n, 1000n, { accountIds: [1n, 9n] }), point(2n, null)],
      [relation(2n, 1n, share(10n))],
      { 1: 'relation_changed', 2: 'relation_member_held' },
    ],
    [
      'a child whose account changes',
      [point(1n, 1000n), point(2n, 0n, { accountIds: [2n, 9n], stretches: split })],
      [relation(2n, 1n, mainSub)],
      { 1: '1000', 2: '1000' },
    ],
    [
      'parts of each other at different times',
      [point(1n, 1000n), point(2n, 300n)],
      [relation(2n, 1n, deducted, 0, 15), relation(1n, 2n, deducted, 15)],
      { 1: 'relation_changed', 2: 'relation_changed' },
    ],
  ]
  for (const [title, members, relations, expected] of cases) t.same(borne(members, relations), expected, title)
  t.end()
})

t.test('parts tell what was taken and given, and add up', (t) => {
  const resolved = resolveGroup(
    [point(1n, 1000n), point(2n, 300n), point(3n, null)],
    [relation(2n, 1n, mainSub), relation(3n, 1n, share(10n))],
    period,
  )
  const parent = resolved.get(1n)
  const child = resolved.get(3n)
  t.match(parent, {
    value: {
      parts: [
        { quantity: 'relation_share', otherPointId: 3n },
        { quantity: 'relation_common', otherPointId: 1n },
      ],
    },
  })
  t.same(parent?.ok === true && parent.value.parts.map(({ energies }) => energies[0]), [-100_0000n, 700_0000n])
  t.match(child, { value: { parts: [{ quantity: 'relation_share', otherPointId: 1n }] } })
  t.end()
})

t.test('in random forests all bear what the outermost meters counted, or somebody is held', (t) => {
  const node = fc.record({
    above: fc.nat(),
    kind: fc.constantFrom<RelationRule['kind']>('main_sub', 'deducted', 'share', 'quantity'),
    own: fc.array(fc.bigInt({ min: 0n, max: 3_000_000n }), { minLength: 5, maxLength: 5 }),
    isTou: fc.boolean(),
    isRoot: fc.boolean(),
  })
  let resolvedForests = 0
  fc.assert(
    fc.property(fc.array(node, { minLength: 2, maxLength: 14 }), (nodes) => {
      const relations = nodes.flatMap(({ above, kind, own, isRoot }, index): readonly Relation[] => {
        if (index === 0 || isRoot) return []
        const rule: RelationRule =
          kind === 'share'
            ? { kind, shareE6: (own[1] ?? 0n) % 150_000n }
            : kind === 'quantity'
              ? { kind, quantityE4: (own[1] ?? 0n) / 100n }
              : { kind }
        return [relation(BigInt(index), BigInt(above % index), rule)]
      })
      const measured = measuredOf(nodes, relations)
      const members = measured.map((energies, index) => {
        const stretches = energies === null ? null : [{ from: 0, to: 31 * day, energies }]
        return { usagePointId: BigInt(index), accountIds: [BigInt(index)], stretches }
      })
      const results = [...resolveGroup(members, relations, period)]
      if (results.some(([, result]) => !result.ok)) return true
      resolvedForests += 1
      const sum = (energies: readonly (Energies | null)[]) =>
        energies.reduce((total, each) => total + (each?.[0] ?? 0n), 0n)
      const borneByAll = sum(results.map(([, result]) => (result.ok ? result.value.energies : null)))
      // What a 总分 child measures its parent measures, too, and both are told of it.
      const counted = measured.filter(
        (_, index) => !relations.some(({ childId, rule }) => childId === BigInt(index) && rule.kind === 'deducted'),
      )
      return (
        borneByAll === sum(counted) &&
        results.every(([, result]) => result.ok && result.value.energies.every((energyE4) => energyE4 >= 0n))
      )
    }),
    { numRuns: 2000 },
  )
  t.ok(resolvedForests > 500, `${resolvedForests} forests without a hold`)
  t.end()
})

interface Node {
  readonly own: readonly bigint[]
  readonly isTou: boolean
}

/** A meter counts its own use and what its measured children count; children come after their parents. */
function measuredOf(nodes: readonly Node[], relations: readonly Relation[]): readonly (Energies | null)[] {
  const counted = nodes.map(({ own, isTou }): [bigint, bigint, bigint, bigint, bigint] => {
    const [, a = 0n, b = 0n, c = 0n, d = 0n] = own
    return isTou ? [a + b + c + d, a, b, c, d] : [a + b + c + d, 0n, 0n, 0n, 0n]
  })
  for (const one of relations.toReversed()) {
    const [child, parent] = [counted[Number(one.childId)], counted[Number(one.parentId)]]
    if (!isMetered(one) || child === undefined || parent === undefined) continue
    const isPlain = nodes[Number(one.parentId)]?.isTou === false
    for (const register of isPlain ? [0] : parent.keys())
      parent[register] = (parent[register] ?? 0n) + (child[register] ?? 0n)
  }
  const withoutMeter = new Set(relations.filter((one) => !isMetered(one)).map(({ childId }) => childId))
  return counted.map((energies, index) => (withoutMeter.has(BigInt(index)) ? null : energies))
}

t.test('a hold names points and times as people know them', (t) => {
  const cases: readonly [string, readonly Member[], readonly Relation[], bigint, string][] = [
    [
      'a part that began between two readings',
      [point(1n, 1000n), point(2n, 300n)],
      [relation(2n, 1n, deducted, 10)],
      1n,
      'usage point point-2 became or ceased to be a part between two readings: day 10 … day 31',
    ],
    [
      'a share that began between two readings',
      [point(1n, 1000n), point(3n, null)],
      [relation(3n, 1n, share(10n), 10)],
      1n,
      'a share or fixed quantity of point-3 changed between two readings: day 10 … day 31',
    ],
    [
      'a child in doubt',
      [point(1n, 1000n), point(2n, null)],
      [relation(2n, 1n, deducted)],
      1n,
      'the quantity of usage point point-2 is in doubt',
    ],
    [
      'a parent in doubt',
      [point(1n, null), point(3n, null)],
      [relation(3n, 1n, share(10n))],
      3n,
      'the quantity of usage point point-1 is in doubt',
    ],
    [
      'a parent of two accounts',
      [point(1n, 1000n, { accountIds: [1n, 4n] }), point(2n, 300n)],
      [relation(2n, 1n, deducted)],
      1n,
      'the account of point-1, which has parts, changes inside the period',
    ],
  ]
  for (const [title, members, relations, held, detail] of cases)
    t.match(resolveGroup(members, relations, period).get(held), { ok: false, error: { detail } }, title)
  t.end()
})
