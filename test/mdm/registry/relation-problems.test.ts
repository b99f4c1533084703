import fc from 'fast-check'
import t from 'tap'
import type { RelationEntry, TransformerEntry } from '../../../domain/usage-point-entries.js'
import { relationProblems } from '../../../mdm/registry/relation-problems.js'
import { smallUtility } from '../support/small-utility.js'

const day = (number: number): string => new Date(Date.UTC(2026, 0, number)).toISOString()

function relation(child: string, parent: string, from = 1, to?: number): RelationEntry {
  const ended = to === undefined ? {} : { to: day(to) }
  return { usagePoint: child, parent, kind: 'main_sub', from: day(from), ...ended }
}

t.test('finds usage points that are a part of themselves, at the relation that closes the circle', (t) => {
  const cases: readonly [title: string, relations: readonly RelationEntry[], problems: readonly string[]][] = [
    ['a tree', [relation('b', 'a'), relation('c', 'a'), relation('d', 'b')], []],
    ['itself', [relation('a', 'a')], ['relations.0.parent: a > a']],
    ['two', [relation('a', 'b'), relation('b', 'a')], ['relations.1.parent: b > a > b']],
    ['three', [relation('a', 'b'), relation('b', 'c'), relation('c', 'a')], ['relations.2.parent: c > a > b > c']],
    ['two that never hold together', [relation('a', 'b', 1, 5), relation('b', 'a', 5)], []],
    [
      'a later window closes what an earlier one did not',
      [relation('a', 'p'), relation('p', 'q', 1, 5), relation('p', 'q', 5), relation('q', 'r'), relation('r', 'a', 5)],
      ['relations.4.parent: r > a > p > q > r'],
    ],
  ]
  for (const [title, relations, problems] of cases)
    t.same(
      relationProblems({ ...smallUtility(), relations }).map(
        ({ path, problem }) => `${path}: ${problem.split(':')[0]}`,
      ),
      problems,
      title,
    )
  t.end()
})

t.test('says that there is a circle exactly where walking up on some day comes back', (t) => {
  const segment = fc.record({
    child: fc.constantFrom('a', 'b', 'c', 'd'),
    parent: fc.constantFrom('a', 'b', 'c', 'd'),
    from: fc.integer({ min: 1, max: 6 }),
    days: fc.integer({ min: 1, max: 4 }),
  })
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      // One parent at an instant: later segments of a child that would overlap are left out.
      const kept = segments.filter(
        (one, index) =>
          !segments
            .slice(0, index)
            .some((two) => two.child === one.child && two.from < one.from + one.days && one.from < two.from + two.days),
      )
      const comesBack = (at: number, origin: string): boolean => {
        let code = origin
        for (let step = 0; step < 5; step++) {
          const next = kept.find(({ child, from, days }) => child === code && from <= at && at < from + days)
          if (next === undefined) return false
          if (next.parent === origin) return true
          code = next.parent
        }
        return false
      }
      const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].some((at) =>
        ['a', 'b', 'c', 'd'].some((code) => comesBack(at, code)),
      )
      const relations = kept.map(({ child, parent, from, days }) => relation(child, parent, from, from + days))
      return relationProblems({ ...smallUtility(), relations }).length > 0 === expected
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('finds an organisation above itself and a transformer with two nameplates', (t) => {
  const good = smallUtility()
  const [county] = good.organisations
  if (county === undefined) throw new Error('one organisation')
  const organisations = [
    { ...county, code: 'a', parent: 'b' },
    { ...county, code: 'b', parent: 'a' },
    { ...county, code: 'c', parent: 'a' },
  ]
  t.same(
    relationProblems({ ...good, organisations }).map(({ path }) => path),
    ['organisations.0.parent', 'organisations.1.parent'],
  )
  const plate: TransformerEntry = {
    usagePoint: 'point-1',
    transformer: 't-1',
    ratedKva: 315,
    noLoadLossKw: '0.48',
    loadLossKw: '3.65',
    meteringSide: 'low',
    from: day(1),
  }
  const transformers = [plate, { ...plate, usagePoint: 'point-2' }, { ...plate, usagePoint: 'point-3', ratedKva: 400 }]
  t.same(
    relationProblems({ ...good, transformers }).map(({ path }) => path),
    ['transformers.2.transformer'],
  )
  t.end()
})
