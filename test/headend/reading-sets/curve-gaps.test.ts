import t from 'tap'
import { gapsOf } from '../../../headend/reading-sets/curve-gaps.js'
import { slotOf, stampOf } from '../../../headend/reading-sets/curve-source.js'

const cases = [
  ['nothing missing', [], 10, []],
  ['one slot', [3], 10, [[3, 4]]],
  ['a run', [3, 4, 5], 10, [[3, 6]]],
  [
    'two runs, the newest first',
    [1, 2, 7],
    10,
    [
      [7, 8],
      [1, 3],
    ],
  ],
  [
    'a run longer than a request, cut from its end',
    [0, 1, 2, 3, 4],
    2,
    [
      [3, 5],
      [1, 3],
      [0, 1],
    ],
  ],
  ['in any order', [5, 3, 4], 10, [[3, 6]]],
] as const

t.test('missing slots are asked for in runs', async (t) => {
  for (const [title, missing, most, gaps] of cases)
    t.same(
      gapsOf(missing, 1, most).map(({ start, end }) => [start, end]),
      gaps,
      title,
    )
})

t.test('stamps and slots are inverses, and a stamp off the grid is of no slot', async (t) => {
  for (const stamp of ['start', 'end'] as const) {
    const source = { slotMs: 10, stamp }
    const slot = slotOf(source, 30)
    t.same(slot, stamp === 'end' ? { start: 20, end: 30 } : { start: 30, end: 40 })
    t.equal(stampOf(source, slot?.start ?? 0), 30)
    t.equal(slotOf(source, 31), null)
  }
})
