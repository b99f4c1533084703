import t from 'tap'
import { demand, energy, type Given, ladder, linesOf, perUnit, totalsOf } from '../offline.js'

t.test('seasons by month and by day of the year', async (t) => {
  const summer = { is: 'season', from: '06-15', to: '09-15' }
  const price = { op: 'if', when: summer, yes: '0.2', no: '0.1' }
  const read = [energy(140, { to: '2026-06-15' }), energy(160, { from: '2026-06-15' })]
  t.same(
    linesOf({
      components: [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price } }],
      period: { quantities: read },
    }),
    ['energy: 140 × 0.1 = 14.00', 'energy: 160 × 0.2 = 32.00'],
  )
  t.match(
    linesOf({
      components: [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price } }],
      period: { quantities: [energy(300)] },
    }),
    [/^no_reading_at_change /],
    'a season that begins between two readings is not guessed at',
  )
  t.same(
    linesOf({
      components: [
        { code: 'meter', kind: 'fixed', price: { op: 'if', when: summer, yes: '60', no: '30' }, per: 'month' },
      ],
    }),
    ['meter: 7/15 × 30 = 14.00', 'meter: 8/15 × 60 = 32.00'],
  )
  const kw = (months: readonly number[]) => ({ is: 'month', of: months })
  const split: Given = {
    components: [
      {
        code: 'demand',
        kind: 'usage',
        quantity: 'demand',
        unit: 'kW',
        model: { kind: 'per_unit', price: { op: 'if', when: kw([6, 7, 8, 9]), yes: '12', no: '6' } },
      },
    ],
    periods: [{ start: '2026-05-22', end: '2026-06-21', quantities: [demand(90)] }],
  }
  t.same(linesOf(split), ['demand: 30 × 6 = 180.00', 'demand: 60 × 12 = 720.00'])
  const billing = { op: 'if', when: { is: 'billing_month', of: [5, 6, 7, 8, 9, 10] }, yes: '260', no: '200' }
  const season: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: { kind: 'graduated', blocks: [{ upTo: billing, price: '1' }, { price: '2' }] },
      },
    ],
    periods: [{ start: '2026-04-25', end: '2026-05-25', quantities: [energy(250)] }],
  }
  t.equal(totalsOf(season), '250.00')
})

t.test('a rate that changes within the period', async (t) => {
  const version = (number: number, validFrom: string, validTo: string | null, components: readonly object[]) => ({
    version: number,
    validFrom,
    ...(validTo === null ? {} : { validTo }),
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    unread: 'by_days',
    components,
  })
  const changing = (before: object, after: object, quantities: readonly object[]): readonly string[] =>
    linesOf({
      components: [],
      versions: [version(1, '2026-01-01', '2026-06-11', [before]), version(2, '2026-06-11', null, [after])],
      period: { quantities },
    })
  const one = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
  // 300 kWh by days: 100 before, 200 after.
  const rows: readonly (readonly [string, object, object, readonly string[]])[] = [
    ['by days', one(perUnit('1')), one(perUnit('2')), ['energy: 100 × 1 = 100.00', 'energy: 200 × 2 = 400.00']],
    [
      'a ladder goes on',
      one(
        ladder([
          ['150', '1'],
          [null, '2'],
        ]),
      ),
      one(
        ladder([
          ['150', '3'],
          [null, '4'],
        ]),
      ),
      ['energy 1: 100 × 1 = 100.00', 'energy 1: 50 × 3 = 150.00', 'energy 2: 150 × 4 = 600.00'],
    ],
    [
      'one block for all units of the period',
      one(
        ladder(
          [
            ['150', '1'],
            [null, '2'],
          ],
          {},
          'volume',
        ),
      ),
      one(
        ladder(
          [
            ['150', '3'],
            [null, '4'],
          ],
          {},
          'volume',
        ),
      ),
      ['energy 2: 100 × 2 = 200.00', 'energy 2: 200 × 4 = 800.00'],
    ],
    [
      'packages are counted over the period',
      one({ kind: 'package', size: '120', price: '1' }),
      one({ kind: 'package', size: '120', price: '2' }),
      ['energy: 1 × 1 = 1.00', 'energy: 2 × 2 = 4.00'],
    ],
    [
      'what is free is free once',
      one(perUnit('1'), { free: '130' }),
      one(perUnit('2'), { free: '130' }),
      ['energy: 170 × 2 = 340.00'],
    ],
    [
      'the least quantity is that of the period',
      one(perUnit('1'), { atLeast: '350' }),
      one(perUnit('2'), { atLeast: '350' }),
      ['energy: 100 × 1 = 100.00', 'energy: 250 × 2 = 500.00'],
    ],
    [
      'a flat amount of a chosen block comes once',
      one({ kind: 'volume', blocks: [{ flat: '9' }] }),
      one({ kind: 'volume', blocks: [{ flat: '9' }] }),
      ['energy 1: 1 × 9 = 9.00'],
    ],
  ]
  for (const [claim, before, after, expected] of rows) t.same(changing(before, after, [energy(300)]), expected, claim)
  const kw = (price: string) => ({
    code: 'demand',
    kind: 'usage',
    quantity: 'demand',
    unit: 'kW',
    model: ladder([
      ['50', '0'],
      [null, price],
    ]),
  })
  t.same(
    changing(kw('3'), kw('6'), [demand(80)]),
    [
      'demand 1: 50/3 × 0 = 0.00',
      'demand 2: 10 × 3 = 30.00',
      'demand 1: 100/3 × 0 = 0.00',
      'demand 2: 20 × 6 = 120.00',
    ],
    'demand is shared by days, and its blocks are not filled twice',
  )
})

t.test('meters exchanged, factors of a test, and a minimum of a part of a month', async (t) => {
  const plain = { code: 'energy', kind: 'usage', model: perUnit('0.1') }
  const exchanged = [
    { name: 'energy', meter: 'a', to: '2026-06-11', register: { start: '10', end: '20.2', multiplier: '2' } },
    { name: 'energy', meter: 'b', from: '2026-06-11', register: { start: '0', end: '50.1', multiplier: '3' } },
  ]
  t.equal(totalsOf({ components: [plain], period: { quantities: exchanged } }), '17.07')
  const whole: Given = {
    components: [plain],
    version: { energyRounding: 'difference_half_up' },
    period: { quantities: exchanged },
  }
  t.same(linesOf(whole), ['energy: 171 × 0.1 = 17.10'])
  const corrected = { quantities: [energy(100)], correctionFactors: [{ factor: '1.05' }] }
  t.same(linesOf({ components: [plain], period: corrected }), ['energy: 105 × 0.1 = 10.50'])
  const least: Given = {
    components: [plain, { code: 'least', kind: 'minimum', of: ['energy'], amount: '30', per: 'month' }],
    period: { end: '2026-06-16', quantities: [energy(50)] },
  }
  t.same(linesOf(least), ['energy: 50 × 0.1 = 5.00', 'least: 1 × 10 = 10.00'])
})

t.test('a fact that is stated anew, or changes to what nobody asks for, cuts nothing', async (t) => {
  const isLarge = { is: 'fact', name: 'household', value: 'large' }
  const given = (facts: readonly object[]): Given => ({
    components: [
      { code: 'energy', kind: 'usage', model: perUnit({ op: 'if', when: isLarge, yes: '1', no: '2' }) },
      {
        code: 'capacity',
        kind: 'fixed',
        quantity: {
          op: 'add',
          of: [
            { op: 'fact', name: 'kva' },
            { op: 'equipment', charged: ['in_service'] },
          ],
        },
        price: '1',
        per: 'month',
      },
    ],
    period: { quantities: [energy(100)] },
    usage: {
      facts,
      equipment: [
        { name: 'a', rating: '10', state: 'hot_standby', to: '2026-06-10' },
        { name: 'a', rating: '10', state: 'cold_standby', from: '2026-06-10' },
      ],
    },
  })
  const kva = (value: string, more: object) => ({ name: 'kva', value, ...more })
  const anew = [
    kva('100', { to: '2026-06-11' }),
    kva('100', { from: '2026-06-11' }),
    { name: 'household', value: 'of three', to: '2026-06-16' },
    { name: 'household', value: 'of four', from: '2026-06-16' },
  ]
  t.same(linesOf(given(anew)), ['energy: 100 × 2 = 200.00', 'capacity: 100 × 1 = 100.00'])
  t.match(linesOf(given([kva('100', {}), { name: 'household', value: 'large', from: '2026-06-16' }])), [
    /^no_reading_at_change /,
  ])
})

t.test('two months read together are two months, also where a price changes between them', async (t) => {
  const version = (number: number, from: string, price: string, to?: string) => ({
    version: number,
    validFrom: from,
    ...(to === undefined ? {} : { validTo: to }),
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    components: [
      { code: 'meter', kind: 'fixed', price, per: 'month' },
      { code: 'by_30', kind: 'fixed', price, per: 'month', dayCount: { days: '30' } },
      { code: 'yearly', kind: 'fixed', price: '36', per: 'year' },
    ],
  })
  const given: Given = {
    components: [],
    versions: [version(1, '2026-01-01', '30', '2026-07-01'), version(2, '2026-07-01', '31')],
    period: { end: '2026-08-01' },
  }
  t.same(linesOf(given), [
    'meter: 1 × 30 = 30.00',
    'by_30: 1 × 30 = 30.00',
    'yearly: 1/12 × 36 = 3.00',
    'meter: 1 × 31 = 31.00',
    'by_30: 1 × 31 = 31.00',
    'yearly: 1/12 × 36 = 3.00',
  ])
})

t.test(
  'a ladder of the year over its end: by readings of each slot, or by days where the version says so',
  async (t) => {
    const ladderOfYear = {
      code: 'ladder',
      kind: 'usage',
      model: ladder(
        [
          ['100', '0'],
          [null, '1'],
        ],
        { scope: { of: 'year', crossing: 'split' } },
      ),
    }
    const given = (quantities: readonly object[], more: object = {}): Given => ({
      components: [ladderOfYear],
      version: more,
      periods: [{ start: '2025-12-22', end: '2026-01-11', quantities }],
    })
    const newYear = '2026-01-01'
    const read = [
      energy(90, { slot: 'peak', to: newYear }),
      energy(60, { slot: 'off', to: newYear }),
      energy(70, { slot: 'peak', from: newYear }),
      energy(50, { slot: 'off', from: newYear }),
    ]
    t.same(linesOf(given(read)), ['ladder 1: 200 × 0 = 0.00', 'ladder 2: 70 × 1 = 70.00'])
    t.match(linesOf(given([energy(270)])), [/^no_reading_at_change /])
    t.same(linesOf(given([energy(270)], { unread: 'by_days' })), [
      'ladder 1: 200 × 0 = 0.00',
      'ladder 2: 70 × 1 = 70.00',
    ])
    t.same(linesOf(given([energy(240)], { unread: 'by_days' })), [
      'ladder 1: 200 × 0 = 0.00',
      'ladder 2: 40 × 1 = 40.00',
    ])
  },
)

t.test('the facts of each month are in the bounds of a crooked period, by the days of the month', async (t) => {
  const bound = { op: 'if', when: { is: 'fact', name: 'household', value: 'large' }, yes: '310', no: '210' }
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: {
          kind: 'graduated',
          scope: { of: 'period', times: 'months_by_days' },
          blocks: [{ upTo: bound, price: '0' }, { price: '1' }],
        },
      },
    ],
    periods: [{ start: '2026-06-16', end: '2026-07-11', quantities: [energy(300)] }],
    usage: { facts: [{ name: 'household', value: 'large', from: '2026-06-20' }] },
  }
  // 210 × 15/30 + 310 × 10/31 = 205
  t.same(linesOf(given), ['energy 1: 205 × 0 = 0.00', 'energy 2: 95 × 1 = 95.00'])
})
