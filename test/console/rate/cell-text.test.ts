import t from 'tap'
import { cellText } from '../../../console/rate/cell-text.js'

t.test('a cell reads as its notice would put it', async (t) => {
  const table: readonly (readonly [unknown, string])[] = [
    ['0.5469', '0.5469'],
    [{ op: 'add', of: ['0.5469', '0.03'] }, '0.5469 + 0.03'],
    [{ op: 'subtract', of: ['0.50', '0.10'] }, '0.50 − 0.10'],
    [
      { op: 'if', when: { is: 'month', of: [5, 6] }, yes: '260', no: { op: 'absent', reason: 'not found' } },
      'month 5, 6: 260, else absent',
    ],
    [
      {
        op: 'if',
        when: {
          is: 'less_or_equal',
          of: [
            { op: 'quantity', name: 'demand' },
            { op: 'fact', name: 'contracted_kw' },
          ],
        },
        yes: '1',
        no: { op: 'max', of: ['0', 'demand'] },
      },
      'demand ≤ contracted_kw: 1, else max (0, demand)',
    ],
    [
      {
        is: 'any',
        of: [
          { is: 'kind', of: ['transfer', 'closing'] },
          { is: 'fact', name: 'large_household', value: true },
        ],
      },
      'kind transfer, closing or large_household = true',
    ],
    [{ name: 'sharp', when: [{ windows: [{ from: '18:00', to: '20:00' }] }] }, 'name sharp when windows 18:00–20:00'],
  ]
  for (const [cell, expected] of table) t.equal(cellText(cell), expected)
})
