import t from 'tap'
import { beijing, type LocalDate } from '../../../domain/time.js'
import { catchUpDays, dueMidnights } from '../../../headend/acquisition/due-midnights.js'

const table: readonly (readonly [string, LocalDate | null, LocalDate, readonly LocalDate[]])[] = [
  ['the first window wants its own midnight', null, '2026-07-01', ['2026-07-01']],
  ['the next night wants the next midnight', '2026-07-01', '2026-07-02', ['2026-07-02']],
  ['a repeated window wants the same again', '2026-07-02', '2026-07-02', ['2026-07-02']],
  ['nights without a head-end are made up for', '2026-07-02', '2026-07-05', ['2026-07-03', '2026-07-04', '2026-07-05']],
  ['an old window wants nothing new', '2026-07-05', '2026-07-03', []],
]

for (const [name, last, midnight, expected] of table) {
  t.test(name, async (t) => {
    const lastLaid = last === null ? null : beijing.startOfDay(last)
    const found = dueMidnights(lastLaid, beijing.startOfDay(midnight), beijing)
    t.same(
      found.midnights.map((each) => beijing.dateAt(each)),
      expected,
    )
    t.same(found.dropped, [])
  })
}

t.test('a long standstill is made up for as far as freeze memories reach, and the rest is named', async (t) => {
  const { midnights, dropped } = dueMidnights(
    beijing.startOfDay('2026-01-01'),
    beijing.startOfDay('2026-07-01'),
    beijing,
  )
  t.equal(midnights.length, catchUpDays + 1)
  t.same(
    [dropped.at(0), dropped.at(-1)].map((each) => beijing.dateAt(each ?? 0)),
    ['2026-01-02', '2026-04-29'],
  )
  t.equal(beijing.dateAt(midnights[0] ?? 0), '2026-04-30')
})
