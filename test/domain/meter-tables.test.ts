import fc from 'fast-check'
import t from 'tap'
import { desiredTable, diffTables, sameEntries, type TableEntry, tableMismatches } from '../../domain/meter-tables.js'

const at = (terminalPoint: number, address: string): TableEntry => ({ terminalPoint, address })
const nowhere = new Map<string, readonly string[]>()

t.test('every address that is not as it should be has one cause', (t) => {
  const cases: readonly [
    title: string,
    registered: readonly string[],
    reported: readonly TableEntry[] | null,
    seen: readonly string[],
    elsewhere: ReadonlyMap<string, readonly string[]>,
    expected: readonly string[],
  ][] = [
    ['the same', ['a', 'b'], [at(1, 'a'), at(2, 'b')], [], nowhere, []],
    ['one is missing', ['a', 'b'], [at(1, 'a')], [], nowhere, ['b missing_in_concentrator']],
    ['one too many', ['a'], [at(1, 'a'), at(2, 'x')], [], nowhere, ['x unknown_to_registry']],
    ['another number', ['a'], [at(7, 'a')], [], nowhere, ['a wrong_parameters']],
    ['twice in one table', ['a'], [at(1, 'a'), at(2, 'a')], [], nowhere, ['a duplicate']],
    ['in two concentrators', ['a'], [at(1, 'a')], [], new Map([['a', ['C2']]]), ['a duplicate']],
    ['only in another one', ['a'], [], [], new Map([['a', ['C2']]]), ['a missing_in_concentrator']],
    ['two meters of one address', ['a', 'a'], [at(1, 'a')], [], nowhere, ['a duplicate']],
    ['unknown and elsewhere', [], [at(1, 'x')], [], new Map([['x', ['C2']]]), ['x duplicate']],
    [
      'never reported, seen',
      ['a', 'b'],
      null,
      ['a', 'x'],
      nowhere,
      ['b missing_in_concentrator', 'x unknown_to_registry'],
    ],
    ['an empty table is a table', ['a'], [], ['a'], nowhere, ['a missing_in_concentrator']],
  ]
  for (const [title, registered, reported, seen, elsewhere, expected] of cases) {
    const tables = { registered, desired: desiredTable(registered, []), reported, seen: new Set(seen), elsewhere }
    t.same(
      diffTables(tables).map(({ address, mismatch }) => `${address} ${mismatch}`),
      expected,
      title,
    )
  }
  t.end()
})

const addresses = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 })
const tables = fc.array(
  fc.record({ terminalPoint: fc.integer({ min: 1, max: 9 }), address: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
  { maxLength: 8 },
)

t.test('causes exclude each other, and without differences both sides hold the same addresses', async () => {
  fc.assert(
    fc.property(addresses, tables, (registered, reported) => {
      const desired = desiredTable(registered, reported)
      const differences = diffTables({ registered, desired, reported, seen: new Set(), elsewhere: nowhere })
      const named = new Set(differences.map(({ address }) => address))
      if (named.size !== differences.length) return false
      if (differences.some(({ mismatch }) => !tableMismatches.includes(mismatch))) return false
      const good = (each: string) => !named.has(each)
      const left = [...new Set(registered)].filter(good).sort()
      const right = [...new Set(reported.map(({ address }) => address))].filter(good).sort()
      return left.join() === right.join()
    }),
  )
})

t.test('a pushed table leaves no difference but those that the registry itself has', async () => {
  fc.assert(
    fc.property(addresses, tables, (registered, known) => {
      const desired = desiredTable(registered, known)
      const points = desired.map(({ terminalPoint }) => terminalPoint)
      const rest = diffTables({ registered, desired, reported: desired, seen: new Set(), elsewhere: nowhere })
      const unique = new Set(registered).size === registered.length
      return new Set(points).size === points.length && (!unique || rest.length === 0)
    }),
  )
})

t.test('meters keep their numbers, and new ones take the lowest free', (t) => {
  const known = [at(1, 'a'), at(2, 'gone'), at(5, 'b')]
  const desired = desiredTable(['b', 'new', 'a', 'newer'], known)
  t.same(desired, [at(1, 'a'), at(2, 'new'), at(3, 'newer'), at(5, 'b')])
  t.equal(sameEntries(desired, [...desired]), true)
  t.equal(sameEntries(desired, desired.slice(1)), false)
  t.end()
})
