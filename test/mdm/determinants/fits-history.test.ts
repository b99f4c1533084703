import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { fitsHistory } from '../../../mdm/determinants/fits-history.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'

t.test('usage per day after a change of meter or multiplier is compared with usage before', (t) => {
  // Stretches as [kWh, days]; allowed: a factor of four, or 30 kWh a day.
  // From three days on six times as much and 1 kWh a day more, or less, is another unit.
  const cases: readonly [string, readonly (readonly [kwh: number, days: number])[], boolean][] = [
    ['no change', [[9000, 31]], true],
    [
      'the same',
      [
        [150, 15],
        [160, 16],
      ],
      true,
    ],
    [
      '30 kWh a day more than nothing',
      [
        [0, 15],
        [480, 16],
      ],
      true,
    ],
    [
      '31 kWh a day more than nothing',
      [
        [0, 15],
        [496, 16],
      ],
      false,
    ],
    [
      'four times as much',
      [
        [1500, 15],
        [6400, 16],
      ],
      true,
    ],
    [
      'more than four times as much',
      [
        [1500, 15],
        [6416, 16],
      ],
      false,
    ],
    [
      'less than a fourth',
      [
        [6416, 16],
        [1500, 15],
      ],
      false,
    ],
    [
      'six times as much of little',
      [
        [15, 15],
        [96, 16],
      ],
      true,
    ],
    [
      'more than that',
      [
        [15, 15],
        [97, 16],
      ],
      false,
    ],
    [
      'a thousandth',
      [
        [300, 15],
        [0.3, 15],
      ],
      false,
    ],
    [
      'nothing of a few',
      [
        [30, 15],
        [0, 15],
      ],
      false,
    ],
    [
      'nothing of 1 kWh a day',
      [
        [15, 15],
        [0, 15],
      ],
      true,
    ],
    [
      'nothing for two days',
      [
        [150, 29],
        [0, 2],
      ],
      true,
    ],
    [
      'a doubtful third stretch',
      [
        [100, 10],
        [100, 10],
        [1000, 10],
      ],
      false,
    ],
  ]
  for (const [title, stretches, expected] of cases) {
    const measured = stretches.map(([kwh, days]) => ({ energyE4: BigInt(kwh * 10_000), lengthMs: days * dayMs }))
    t.equal(fitsHistory(measured, defaultDeterminantPolicy), expected, title)
  }
  t.end()
})
