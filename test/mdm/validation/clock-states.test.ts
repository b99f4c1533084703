import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { clockStates } from '../../../mdm/validation/clock-states.js'

const at = 100 * dayMs

t.test('a clock is worth what the worse of the checks next to the instant says', async (t) => {
  const table: readonly (readonly [
    why: string,
    checks: readonly (readonly [days: number, said: string])[],
    expected: string,
  ])[] = [
    ['nobody looked', [], 'trusted'],
    [
      'right before and behind',
      [
        [-1, 'within_limit'],
        [1, 'within_limit'],
      ],
      'trusted',
    ],
    [
      'wrong before',
      [
        [-1, 'out_of_limit'],
        [1, 'within_limit'],
      ],
      'out_of_limit',
    ],
    [
      'wrong behind',
      [
        [-1, 'within_limit'],
        [1, 'out_of_limit'],
      ],
      'out_of_limit',
    ],
    [
      'absurd is worse',
      [
        [-1, 'out_of_limit'],
        [1, 'absurd'],
      ],
      'absurd',
    ],
    ['a check at the instant is before it', [[0, 'absurd']], 'absurd'],
    [
      'a later check before it counts',
      [
        [-2, 'absurd'],
        [-1, 'within_limit'],
      ],
      'trusted',
    ],
    [
      'an earlier check behind it counts',
      [
        [2, 'absurd'],
        [1, 'within_limit'],
      ],
      'trusted',
    ],
    ['so long before says nothing', [[-8, 'absurd']], 'trusted'],
    ['so long behind still does', [[8, 'absurd']], 'absurd'],
    ['longer does not', [[8.5, 'absurd']], 'trusted'],
  ]
  for (const [why, checks, expected] of table) {
    const rows = checks.map(([days, said]) => ({ meterId: 1n, checkedAt: at + days * dayMs, class: said }))
    t.equal(clockStates(rows)(1n, at), expected, why)
    t.equal(clockStates(rows.toReversed())(1n, at), expected, `${why}, in any order`)
    t.equal(clockStates(rows)(2n, at), 'trusted', 'of another meter')
  }
})
