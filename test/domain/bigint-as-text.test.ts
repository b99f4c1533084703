import t from 'tap'
import { bigintAsText } from '../../domain/bigint-as-text.js'

t.test('integers beyond a double stay exact in JSON, and nothing else changes', (t) => {
  const cases: readonly [title: string, value: unknown, expected: string][] = [
    ['an integer beyond 2^53', 9_007_199_254_740_993n, '"9007199254740993"'],
    ['a negative one', -1n, '"-1"'],
    [
      'nested',
      { rows: [{ fen: 5n, name: 'x', at: 1, none: null }] },
      '{"rows":[{"fen":"5","name":"x","at":1,"none":null}]}',
    ],
  ]
  for (const [title, value, expected] of cases) t.equal(JSON.stringify(value, bigintAsText), expected, title)
  t.end()
})
