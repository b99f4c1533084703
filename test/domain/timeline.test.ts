import t from 'tap'
import { overlapIn, reviseTimeline, type Segment, segmentAt } from '../../domain/timeline.js'

function segments(...parts: readonly [from: number, to: number | null, value: string][]): readonly Segment<string>[] {
  return parts.map(([from, to, value]) => ({ from, to, value }))
}

t.test('a change holds over its own range whatever stood there', (t) => {
  const open = segments([0, null, 'a'])
  const two = segments([0, 10, 'a'], [10, null, 'b'])
  const cases: readonly [string, readonly Segment<string>[], Segment<string | null>, readonly Segment<string>[]][] = [
    ['an empty timeline', [], { from: 5, to: null, value: 'x' }, segments([5, null, 'x'])],
    ['a split', open, { from: 5, to: null, value: 'x' }, segments([0, 5, 'a'], [5, null, 'x'])],
    ['a middle', open, { from: 5, to: 7, value: 'x' }, segments([0, 5, 'a'], [5, 7, 'x'], [7, null, 'a'])],
    [
      'a range over a border',
      two,
      { from: 5, to: 15, value: 'x' },
      segments([0, 5, 'a'], [5, 15, 'x'], [15, null, 'b']),
    ],
    ['an exact replacement', two, { from: 10, to: null, value: 'x' }, segments([0, 10, 'a'], [10, null, 'x'])],
    ['an end', two, { from: 12, to: null, value: null }, segments([0, 10, 'a'], [10, 12, 'b'])],
    ['a range before all', segments([5, 9, 'a']), { from: 0, to: 5, value: 'x' }, segments([0, 5, 'x'], [5, 9, 'a'])],
  ]
  for (const [title, current, change, expected] of cases) t.same(reviseTimeline(current, change), expected, title)
  t.end()
})

t.test('segments are half-open', (t) => {
  const two = segments([0, 10, 'a'], [10, 20, 'b'])
  for (const [at, expected] of [
    [-1, undefined],
    [0, 'a'],
    [9, 'a'],
    [10, 'b'],
    [20, undefined],
  ] as const)
    t.equal(segmentAt(two, at)?.value, expected)
  t.equal(overlapIn(two), null)
  t.same(
    overlapIn(segments([10, 20, 'b'], [0, 11, 'a']))?.map(({ value }) => value),
    ['a', 'b'],
  )
  t.end()
})
