import fc from 'fast-check'
import t from 'tap'
import { checkRelations } from '../../../billing/checker/check-relations.js'
import type { Stretch } from '../../../billing/checker/relation-graph.js'
import { groupBy } from '../../../domain/group-by.js'
import { formatScaled } from '../../../domain/scaled.js'
import type { Energies } from '../../../mdm/determinants/determinant.js'
import { sumOf } from '../../../mdm/relations/energies.js'
import type { Member } from '../../../mdm/relations/member.js'
import { isMetered, type Relation, type RelationRule } from '../../../mdm/relations/relation.js'
import { resolveGroup } from '../../../mdm/relations/resolve-group.js'

const day = 86_400_000
const start = Date.parse('2026-07-01T00:00:00+08:00')
const end = start + 31 * day
const middle = start + 13 * day
const period = {
  periodStart: start,
  periodEnd: end,
  codeOf: (point: bigint) => String(point),
  minuteOf: (instant: number) => String(instant),
}

const energies = fc
  .tuple(fc.bigInt(0n, 50_000_000n), fc.boolean(), fc.array(fc.bigInt(0n, 20_000_000n), { minLength: 4, maxLength: 4 }))
  .map(([plain, hasTou, tou]): Energies => {
    const [tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = tou
    return hasTou ? [tou1 + tou2 + tou3 + tou4, tou1, tou2, tou3, tou4] : [plain, 0n, 0n, 0n, 0n]
  })

const rule: fc.Arbitrary<RelationRule> = fc.oneof(
  fc.constant<RelationRule>({ kind: 'main_sub' }),
  fc.constant<RelationRule>({ kind: 'deducted' }),
  fc.bigInt(1n, 600_000n).map((shareE6): RelationRule => ({ kind: 'share', shareE6 })),
  fc.bigInt(1n, 3_000_000n).map((quantityE4): RelationRule => ({ kind: 'quantity', quantityE4 })),
)

/** A tree of usage points, the first its root, some of whose relations hold for a part of the period alone. */
const group = fc
  .array(
    fc.record({
      parent: fc.nat(),
      rule,
      first: energies,
      second: energies,
      span: fc.constantFrom('whole', 'first', 'second'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .chain((children) => fc.tuple(energies, energies).map(([first, second]) => ({ children, root: { first, second } })))
  .map(({ children, root }) => {
    const relations = children.map(({ parent, rule: own, span }, index): Relation => {
      const isWhole = span === 'whole' || own.kind === 'main_sub'
      return {
        childId: BigInt(index + 2),
        parentId: BigInt((parent % (index + 1)) + 1),
        rule: own,
        from: span === 'second' && !isWhole ? middle : start,
        to: span === 'first' && !isWhole ? middle : end,
      }
    })
    const measured = [root, ...children]
    const members = measured.map(({ first, second }, index): Member => {
      const own = relations.find(({ childId }) => childId === BigInt(index + 1))
      const isGiven = own !== undefined && !isMetered(own)
      const stretches = [
        { from: start, to: middle, energies: first },
        { from: middle, to: end, energies: second },
      ]
      return {
        usagePointId: BigInt(index + 1),
        accountIds: [BigInt(index + 1)],
        stretches: isGiven ? null : stretches,
      }
    })
    return { members, relations }
  })

function proofOf(point: bigint, members: readonly Member[], relations: readonly Relation[]): object {
  const iso = (instant: number) => new Date(instant).toISOString()
  return {
    from: iso(period.periodStart),
    to: iso(period.periodEnd),
    point: String(point),
    relations: relations.map(({ childId, parentId, rule: own, from, to }) => ({
      child: String(childId),
      parent: String(parentId),
      kind: own.kind,
      share: own.kind === 'share' ? formatScaled(own.shareE6, 6) : null,
      quantity: own.kind === 'quantity' ? formatScaled(own.quantityE4, 4) : null,
      from: iso(from),
      to: iso(to),
    })),
    points: members
      .filter(({ usagePointId, stretches }) => usagePointId !== point && stretches !== null)
      .map(({ usagePointId, stretches }) => ({ point: String(usagePointId), segments: stretches })),
  }
}

t.test('the checker resolves any group as the determinants do, to the last unit', (t) => {
  let resolved = 0
  let held = 0
  fc.assert(
    fc.property(group, ({ members, relations }) => {
      const settled = resolveGroup(members, relations, period)
      for (const { usagePointId, stretches } of members) {
        const expected = settled.get(usagePointId)
        const own = stretches ?? []
        const check = () =>
          checkRelations(
            { value: proofOf(usagePointId, members, relations), path: 'relations' },
            own,
            ({ value }) => value as readonly Stretch[],
            { value: { periodFrom: '2026-07-01', periodTo: '2026-08-01' }, path: 'bill' },
          )
        if (expected?.ok !== true) {
          held++
          continue
        }
        // A share for half a month is the whole of its account then, so that its bill has another period.
        const isPartly =
          stretches === null &&
          relations.some(({ childId, from, to }) => childId === usagePointId && to - from < 31 * day)
        if (isPartly) continue
        resolved++
        const { energies: borne, parts } = check()
        if (String(borne) !== String(expected.value.energies)) return false
        const told = groupBy(expected.value.parts, ({ quantity: name }) => name)
        if (parts.size !== told.size) return false
        for (const [name, same] of told)
          if (String(parts.get(name)) !== String(sumOf(same.map((part) => part.energies)))) return false
      }
      return true
    }),
    { numRuns: 400, seed: 42 },
  )
  t.ok(resolved > 300 && held > 100, `${resolved} resolved, ${held} held`)
  t.end()
})

t.test('what determinants would hold is no proof', (t) => {
  const rows: readonly (readonly [string, Energies, readonly RelationRule[], RegExp])[] = [
    ['shares above one', [100n, 0n, 0n, 0n, 0n], [share(600_000n), share(500_000n)], /shares of one whole/],
    ['a quantity above what was measured', [100n, 0n, 0n, 0n, 0n], [quantity(101n)], /no more than was measured/],
  ]
  for (const [title, measured, rules, message] of rows) {
    const relations = rules.map((own, index): Relation => {
      return { childId: BigInt(index + 2), parentId: 1n, rule: own, from: start, to: end }
    })
    const members = [{ usagePointId: 1n, accountIds: [1n], stretches: [{ from: start, to: end, energies: measured }] }]
    const check = () =>
      checkRelations(
        { value: proofOf(1n, members, relations), path: 'relations' },
        members[0]?.stretches ?? [],
        () => [],
        { value: {}, path: 'bill' },
      )
    t.throws(check, { message }, title)
  }
  t.end()
})

function share(shareE6: bigint): RelationRule {
  return { kind: 'share', shareE6 }
}

function quantity(quantityE4: bigint): RelationRule {
  return { kind: 'quantity', quantityE4 }
}
