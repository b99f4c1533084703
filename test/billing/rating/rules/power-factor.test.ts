import t from 'tap'
import { roundedCosine } from '../../../../billing/rating/rounded-cosine.js'
import { adjustmentPercent } from '../../../../billing/rating/rules/power-factor-table.js'
import { formatRational, parseRational, rational } from '../../../../domain/rational.js'
import { present } from '../../../../domain/result.js'

const number = (text: string) => present(parseRational(text), text)

t.test('cos φ is rounded half up by whole numbers alone', async (t) => {
  const cases = [
    ['108810', '60000', 2, '0.88'],
    ['3', '4', 2, '0.6'],
    ['100', '0', 2, '1'],
    ['0', '100', 2, '0'],
    // Right and left of 0.905.
    ['181', '85.08', 2, '0.91'],
    ['181', '85.09', 2, '0.9'],
    // 0.96 at one decimal.
    ['24', '7', 1, '1'],
    ['1', '1', 6, '0.707107'],
  ] as const
  for (const [active, reactive, decimals, factor] of cases) {
    const rounded = present(roundedCosine(number(active), number(reactive), decimals), 'cos φ')
    t.equal(formatRational(rounded), factor, `${active} ${reactive}`)
  }
  t.equal(roundedCosine(number('0'), number('0'), 2), null)
})

/** The printed tables, digit by digit: every hundredth from 1.00 down to 0.50. */
const printed = {
  '0.90': [
    ...Array.from({ length: 6 }, () => '-0.75'),
    '-0.6',
    '-0.45',
    '-0.3',
    '-0.15',
    '0',
    ...'0.5 1 1.5 2 2.5 3 3.5 4 4.5 5 5.5 6 6.5 7 7.5 8 8.5 9 9.5 10'.split(' '),
    ...'11 12 13 14 15 17 19 21 23 25 27 29 31 33 35 37 39 41 43 45'.split(' '),
  ],
  '0.85': [
    ...Array.from({ length: 7 }, () => '-1.1'),
    ...'-0.95 -0.8 -0.65 -0.5 -0.4 -0.3 -0.2 -0.1 0'.split(' '),
    ...'0.5 1 1.5 2 2.5 3 3.5 4 4.5 5 5.5 6 6.5 7 7.5 8 8.5 9 9.5 10'.split(' '),
    ...'11 12 13 14 15 17 19 21 23 25 27 29 31 33 35'.split(' '),
  ],
  '0.80': [
    ...Array.from({ length: 9 }, () => '-1.3'),
    ...'-1.15 -1 -0.9 -0.8 -0.7 -0.6 -0.5 -0.4 -0.3 -0.2 -0.1 0'.split(' '),
    ...'0.5 1 1.5 2 2.5 3 3.5 4 4.5 5 5.5 6 6.5 7 7.5 8 8.5 9 9.5 10'.split(' '),
    ...'11 12 13 14 15 17 19 21 23 25'.split(' '),
  ],
} as const

for (const standard of ['0.90', '0.85', '0.80'] as const) {
  t.test(`the table of ${standard} is the printed one from 1.00 to 0.50`, async (t) => {
    const computed = Array.from({ length: 51 }, (_, below) =>
      formatRational(adjustmentPercent({ standard }, rational(BigInt(100 - below), 100n), 'table')),
    )
    t.same(computed, printed[standard])
  })
}

t.test('a line of steps counts a started step below the target, and only full ones above', async (t) => {
  const line = { target: '0.90', step: '0.01', below: '1', above: '0.5', most: '2' }
  const cases = [
    ['0.90', '0'],
    ['0.895', '1'],
    ['0.85', '5'],
    ['0.915', '-0.5'],
    ['0.92', '-1'],
    ['1', '-2'],
  ] as const
  for (const [factor, percent] of cases)
    t.equal(formatRational(adjustmentPercent(line, number(factor), 'table')), percent, factor)
})
