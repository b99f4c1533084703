import t from 'tap'
import type { Segment } from '../../../domain/timeline.js'
import { joinedFrom, undoStretch } from '../../../mdm/corrections/undo-stretch.js'

const open = null
const stretch = (from: number, to: number | null, value: string): Segment<string> => ({ from, to, value })
const isSame = (a: string, b: string) => a === b
type Segments = readonly Segment<string>[]

t.test('what holds until a change that is taken back goes on to the next one', (t) => {
  const cases: readonly [title: string, segments: Segments, at: number, Segments | null][] = [
    ['nothing begins there', [stretch(0, open, 'a')], 5, null],
    ['no timeline at all', [], 5, null],
    ['the last change', [stretch(0, 5, 'a'), stretch(5, open, 'b')], 5, [stretch(0, open, 'a')]],
    [
      'a change that another one followed',
      [stretch(0, 5, 'a'), stretch(5, 8, 'b'), stretch(8, open, 'c')],
      5,
      [stretch(0, 8, 'a'), stretch(8, open, 'c')],
    ],
    [
      'the later of two changes, of which the earlier was told or corrected afterwards',
      [stretch(0, 5, 'a'), stretch(5, 8, 'b'), stretch(8, open, 'c')],
      8,
      [stretch(0, 5, 'a'), stretch(5, open, 'b')],
    ],
    ['an end', [stretch(0, 5, 'a')], 5, [stretch(0, open, 'a')]],
    [
      'an end behind which something was stated again',
      [stretch(0, 5, 'a'), stretch(7, open, 'b')],
      5,
      [stretch(0, 7, 'a'), stretch(7, open, 'b')],
    ],
    ['a change inside a stretch that ends', [stretch(0, 5, 'a'), stretch(5, 9, 'b')], 5, [stretch(0, 9, 'a')]],
    ['what was stated first', [stretch(5, open, 'a')], 5, []],
    ['what began after a gap', [stretch(0, 3, 'a'), stretch(5, open, 'b')], 5, [stretch(0, 3, 'a')]],
  ]
  for (const [title, segments, at, expected] of cases) t.same(undoStretch(segments, at, isSame), expected, title)
  t.end()
})

t.test('stretches that say the same are one from an instant on, and none before it', (t) => {
  const segments = [
    stretch(0, 2, 'a'),
    stretch(2, 5, 'a'),
    stretch(5, 7, 'a'),
    stretch(7, 9, 'b'),
    stretch(9, open, 'b'),
  ]
  t.same(joinedFrom(segments, 5, isSame), [stretch(0, 2, 'a'), stretch(2, 7, 'a'), stretch(7, open, 'b')])
  t.same(joinedFrom(segments, 10, isSame), segments)
  t.end()
})
