import t from 'tap'
import { demand, energy, type Given, ladder, monthly, perUnit, quantity, totalsOf } from '../offline.js'

t.test('demand', async (t) => {
  const billed = (price: string, kw: object) => ({
    code: 'demand',
    kind: 'usage',
    quantity: kw,
    unit: 'kW',
    model: perUnit(price),
  })
  const history = (months: unknown, more: object = {}) => ({
    op: 'history',
    name: 'demand',
    months,
    take: 'highest',
    ...more,
  })
  const ratchet = (percent: string, months: unknown) => ({
    op: 'max',
    of: ['demand', { op: 'multiply', of: [percent, history(months)] }],
  })
  const opening = (months: readonly (readonly [string, number])[]) => ({
    opening: { quantities: months.map(([month, kw]) => ({ name: 'demand', month, value: String(kw) })) },
  })
  const rows: readonly (readonly [string, Given, string])[] = [
    // feds.pnnl.gov, demand ratchet: 80 % of the highest of the preceding 11 months.
    [
      '80 % of a peak eleven months ago',
      {
        components: [billed('1', ratchet('0.8', { preceding: 11 }))],
        period: { quantities: [demand(500)] },
        usage: opening([['2025-07', 1000]]),
      },
      '800.00',
    ],
    [
      'a peak twelve months ago is forgotten',
      {
        components: [billed('1', ratchet('0.8', { preceding: 11 }))],
        period: { quantities: [demand(500)] },
        usage: opening([['2025-06', 1000]]),
      },
      '500.00',
    ],
    // help.energytoolbase.com: the higher of this month and 50 % of the year's 200 kW: 80 gives 100, 105 stays 105.
    [
      'half of the highest on record',
      {
        components: [billed('1', ratchet('0.5', 'all'))],
        period: { quantities: [demand(80)] },
        usage: opening([['2025-12', 200]]),
      },
      '100.00',
    ],
    [
      'above half of it',
      {
        components: [billed('1', ratchet('0.5', 'all'))],
        period: { quantities: [demand(105)] },
        usage: opening([['2025-12', 200]]),
      },
      '105.00',
    ],
    // Hydro-Québec rate M: real power, 90 % of apparent power, or 65 % of the highest winter demand.
    [
      'the highest of kW, 90 % of kVA and 65 % of winter',
      {
        components: [
          billed('10', {
            op: 'max',
            of: [
              'demand',
              { op: 'multiply', of: ['0.9', 'apparent'] },
              { op: 'multiply', of: ['0.65', history({ listed: [12, 1, 2, 3] })] },
            ],
          }),
        ],
        period: { quantities: [demand(700), quantity('apparent', 800, { unit: 'kVA' })] },
        usage: opening([
          ['2026-01', 1200],
          ['2026-05', 2000],
        ]),
      },
      '7800.00',
    ],
    // Capacity tariff of Flanders: the mean of the last twelve monthly peaks, this one included, at least 2.5 kW.
    [
      'mean of monthly peaks',
      {
        components: [
          billed('4', {
            op: 'max',
            of: ['2.5', { op: 'history', name: 'demand', months: { preceding: 11 }, take: 'mean', withCurrent: true }],
          }),
        ],
        period: { quantities: [demand('6')] },
        usage: opening([
          ['2026-04', 3],
          ['2026-05', 4.5],
        ]),
      },
      '18.00',
    ],
    // bellawatt/electric-rate-engine, DemandTiersInMonths.test.ts: the band from 1 to 5 kW.
    [
      'a band of demand',
      {
        components: [
          {
            code: 'band',
            kind: 'usage',
            quantity: 'demand',
            unit: 'kW',
            model: ladder([
              ['1', '0'],
              ['5', '1'],
              [null, '0'],
            ]),
          },
        ],
        period: { quantities: [demand(20)] },
      },
      '4.00',
    ],
    [
      'a band that is not full',
      {
        components: [
          {
            code: 'band',
            kind: 'usage',
            quantity: 'demand',
            unit: 'kW',
            model: ladder([
              ['1', '0'],
              ['5', '1'],
              [null, '0'],
            ]),
          },
        ],
        period: { quantities: [demand(2)] },
      },
      '1.00',
    ],
    // Batavia, large general service: demand × (1 + 0.90 − power factor), at least 750 a month.
    [
      'demand corrected by the power factor',
      {
        components: [
          monthly('customer', '100'),
          { code: 'energy', kind: 'usage', model: perUnit('0.04362') },
          billed('17.25', {
            op: 'multiply',
            of: [
              'demand',
              {
                op: 'add',
                of: [
                  '1',
                  {
                    op: 'max',
                    of: [
                      '0',
                      {
                        op: 'subtract',
                        of: ['0.90', { op: 'power_factor', active: 'energy', reactive: 'reactive', decimals: 2 }],
                      },
                    ],
                  },
                ],
              },
            ],
          }),
          { code: 'least', kind: 'minimum', of: ['demand'], amount: '750', per: 'month' },
        ],
        period: { quantities: [energy(8000), quantity('reactive', 6000), demand(100)] },
      },
      '2346.46',
    ],
    // svec-coop.com: 1.21 a day, 11.26 cents, 1.00 for each kVA above ten.
    [
      'kVA above a free ten',
      {
        components: [
          { code: 'facility', kind: 'fixed', price: '1.21', per: 'day' },
          { code: 'energy', kind: 'usage', model: perUnit('0.1126') },
          { code: 'excess', kind: 'usage', quantity: 'apparent', unit: 'kVA', free: '10', model: perUnit('1') },
        ],
        period: { quantities: [energy(1000), quantity('apparent', '12.5', { unit: 'kVA' })] },
      },
      '151.40',
    ],
    // Blocks of kWh per kW (OpenEI URDB unit kWh/kW; NREL SAM): the first 125 hours, the next 75, the rest.
    [
      'blocks by hours of use',
      {
        components: [
          {
            code: 'energy',
            kind: 'usage',
            model: {
              kind: 'graduated',
              blocks: [
                { upTo: { op: 'multiply', of: ['125', 'demand'] }, price: '0.08' },
                { upTo: { op: 'multiply', of: ['200', 'demand'] }, price: '0.05' },
                { price: '0.03' },
              ],
            },
          },
        ],
        period: { quantities: [energy(20_000), demand(80)] },
      },
      '1220.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})
