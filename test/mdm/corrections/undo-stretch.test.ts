import t from 'tap'
import type { Segment } from '../../../domain/timeline.js'
import { undoStretch } from '../../../mdm/corrections/undo-stretch.js'

const open = null
const stretch = (from: number, to: number | null, value: string): Segment<string> => ({ from, to, value })
const isSame = (a: string, b: string) => a === b
type Segments = readonly Segment<string>[]

t.test('what a change put at an instant gives way to what was stated before it', (t) => {
  const a = [stretch(0, open, 'a')]
  const cases: readonly [title: string, revisions: readonly Segments[], at: number, Segments | null][] = [
    ['nothing begins there', [a], 5, null],
    ['no timeline at all', [], 5, null],
    ['the last change', [a, [stretch(0, 5, 'a'), stretch(5, open, 'b')]], 5, a],
    [
      'a change that another one followed',
      [a, [stretch(0, 5, 'a'), stretch(5, open, 'b')], [stretch(0, 5, 'a'), stretch(5, 8, 'b'), stretch(8, open, 'c')]],
      5,
      [stretch(0, 8, 'a'), stretch(8, open, 'c')],
    ],
    [
      'a change that went back later to what was before',
      [a, [stretch(0, 5, 'a'), stretch(5, open, 'b')], [stretch(0, 5, 'a'), stretch(5, 8, 'b'), stretch(8, open, 'a')]],
      5,
      [stretch(0, 8, 'a'), stretch(8, open, 'a')],
    ],
    ['an end', [a, [stretch(0, 5, 'a')]], 5, a],
    [
      'an end behind which something was stated again',
      [a, [stretch(0, 5, 'a')], [stretch(0, 5, 'a'), stretch(7, open, 'b')]],
      5,
      [stretch(0, 7, 'a'), stretch(7, open, 'b')],
    ],
    [
      'a change inside a stretch that ends',
      [[stretch(0, 9, 'a')], [stretch(0, 5, 'a'), stretch(5, 9, 'b')]],
      5,
      [stretch(0, 9, 'a')],
    ],
    ['what was stated first', [[stretch(5, open, 'a')]], 5, []],
    [
      'what began after a gap',
      [[stretch(0, 3, 'a')], [stretch(0, 3, 'a'), stretch(5, open, 'b')]],
      5,
      [stretch(0, 3, 'a')],
    ],
    [
      'a change that was made again after it was withdrawn',
      [a, [stretch(0, 5, 'a'), stretch(5, open, 'b')], a, [stretch(0, 5, 'a'), stretch(5, open, 'c')]],
      5,
      a,
    ],
  ]
  for (const [title, revisions, at, expected] of cases) t.same(undoStretch(revisions, at, isSame), expected, title)
  t.end()
})
