import t from 'tap'
import { energy, type Given, intervals, ladder, linesOf, perUnit, totalsOf } from '../offline.js'

/** Shandong's residential ladder by the year (鲁发改价格〔2019〕509号). */
const shandong = (more: object = {}, times = 'months') => ({
  code: 'energy',
  kind: 'usage',
  model: {
    kind: 'graduated',
    blocks: [
      {
        upTo: { op: 'if', when: { is: 'fact', name: 'household', value: 'large' }, yes: '310', no: '210' },
        price: '0.5469',
      },
      { upTo: '400', price: '0.5969' },
      { price: '0.8469' },
    ],
    scope: { of: 'year', times, prorateOn: ['transfer', 'closing'], reclear: 'transfer_and_closing', ...more },
  },
})

t.test('published ladders', async (t) => {
  const rows: readonly (readonly [string, Given, string])[] = [
    // gaokao01.com/know/117843: Hunan, July, 500 kWh: the whole at the base price, increments on top.
    [
      'increments',
      {
        components: [
          { code: 'base', kind: 'usage', model: perUnit('0.588') },
          {
            code: 'ladder',
            kind: 'usage',
            model: {
              kind: 'graduated',
              blocks: [
                { upTo: '180' },
                {
                  upTo: { op: 'if', when: { is: 'month', of: [6, 7, 8, 12, 1, 2] }, yes: '450', no: '350' },
                  price: '0.05',
                },
                { price: '0.30' },
              ],
            },
          },
        ],
        periods: [{ start: '2026-07-01', end: '2026-08-01', quantities: [energy(500)] }],
      },
      '322.50',
    ],
    // w09.net: a summer month of 650 kWh, limits 260 and 600.
    [
      'a summer month',
      {
        components: [
          {
            code: 'energy',
            kind: 'usage',
            model: ladder([
              ['260', '0.64'],
              ['600', '0.69'],
              [null, '0.94'],
            ]),
          },
        ],
        period: { quantities: [energy(650)] },
      },
      '448.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('a ladder over the year', async (t) => {
  const period = (start: string, end: string, kwh: number, more: object = {}) => ({
    start,
    end,
    quantities: [energy(kwh)],
    ...more,
  })
  const year: Given = {
    components: [shandong()],
    periods: [
      period('2026-01-01', '2026-07-01', 2500),
      period('2026-07-01', '2026-08-01', 100),
      period('2026-08-01', '2027-01-01', 2300),
    ],
  }
  t.same(linesOf(year), [
    'energy 1: 2500 × 0.5469 = 1367.25',
    'energy 1: 20 × 0.5469 = 10.94',
    'energy 2: 80 × 0.5969 = 47.75',
    'energy 2: 2200 × 0.5969 = 1313.18',
    'energy 3: 100 × 0.8469 = 84.69',
  ])
  // In use from 10 August: five months, so 1050 and 2000.
  const late: Given = {
    components: [shandong()],
    usage: { inUseFrom: '2026-08-10' },
    periods: [period('2026-08-10', '2027-01-01', 2100)],
  }
  t.same(linesOf(late), [
    'energy 1: 1050 × 0.5469 = 574.25',
    'energy 2: 950 × 0.5969 = 567.06',
    'energy 3: 100 × 0.8469 = 84.69',
  ])
  // The owner moves out on 11 May: five months are 1050 and 2000; 1200 kWh so far were all in the first block.
  const moved: Given = {
    components: [shandong()],
    periods: [period('2026-01-01', '2026-05-01', 1200), period('2026-05-01', '2026-05-11', 100, { kind: 'closing' })],
  }
  t.same(linesOf(moved), [
    'energy 1: 1200 × 0.5469 = 656.28',
    'energy 1: -150 × 0.5469 = -82.04',
    'energy 2: 250 × 0.5969 = 149.23',
  ])
  t.match(linesOf({ ...moved, components: [shandong({ prorateOn: [], reclear: 'never' })] }), [
    'energy 1: 1200 × 0.5469 = 656.28',
    'energy 1: 100 × 0.5469 = 54.69',
  ])
  // A household of five is granted on 15 June, from July on: 6 × 210 + 6 × 310 = 3120.
  const large: Given = {
    components: [shandong()],
    usage: { facts: [{ name: 'household', value: 'large', from: '2026-06-15' }] },
    periods: [period('2026-01-01', '2027-01-01', 3200)],
  }
  t.same(linesOf(large), ['energy 1: 3120 × 0.5469 = 1706.33', 'energy 2: 80 × 0.5969 = 47.75'])
  const atOnce = { ...large, components: [shandong({ factsAt: 'end' })] }
  t.match(linesOf(atOnce)[0], /^energy 1: 3200 /, 'or in the month itself: 5 × 210 + 7 × 310 = 3220')
  // From the last reading day of the old year to that of the new one.
  const readingYear: Given = {
    components: [shandong({ yearStart: '12-25' })],
    periods: [period('2025-12-25', '2026-12-25', 2530), period('2026-12-25', '2027-01-25', 100)],
  }
  t.match(linesOf(readingYear).at(-1), 'energy 1: 100 × 0.5469 = 54.69')
  t.match(linesOf({ components: [shandong()], periods: [period('2025-12-20', '2026-01-20', 300)] }), [
    /^period_crosses_scope /,
  ])
  const split = {
    components: [shandong({ crossing: 'split' })],
    periods: [
      {
        start: '2025-12-20',
        end: '2026-01-20',
        quantities: [energy(120, { to: '2026-01-01' }), energy(200, { from: '2026-01-01' })],
      },
    ],
    usage: {
      opening: { blocks: [{ component: 'energy', scope: '2025-01-01', used: '4750', byBlock: ['2520', '2230', '0'] }] },
    },
  }
  t.same(linesOf(split), [
    'energy 2: 50 × 0.5969 = 29.85',
    'energy 3: 70 × 0.8469 = 59.28',
    'energy 1: 200 × 0.5469 = 109.38',
  ])
})

t.test('time of use on top of a ladder, and a free quota', async (t) => {
  const calendar = {
    name: 'home',
    slots: [
      {
        name: 'peak',
        when: [
          { months: [4, 5, 6, 7, 8, 9, 10], windows: [{ from: '08:00', to: '22:00' }] },
          { months: [11, 12, 1, 2, 3], windows: [{ from: '08:00', to: '20:00' }] },
        ],
      },
      { name: 'valley', otherwise: true },
    ],
  }
  const increments = {
    code: 'ladder',
    kind: 'usage',
    model: { kind: 'graduated', blocks: [{ upTo: '210' }, { upTo: '400', price: '0.05' }, { price: '0.30' }] },
  }
  const tou = (free: object = {}) => ({
    code: 'energy',
    kind: 'usage',
    slots: { calendar: 'home' },
    model: { kind: 'per_unit', prices: { peak: '0.5769', valley: '0.3769' } },
    ...free,
  })
  const used = (peak: number, valley: number, components: readonly object[]): Given => ({
    components,
    version: { calendars: [calendar] },
    period: { quantities: [energy(peak, { slot: 'peak' }), energy(valley, { slot: 'valley' })] },
  })
  t.equal(totalsOf(used(150, 100, [tou()])), '124.23', 'as billing-rules E10 has it')
  t.same(linesOf(used(300, 150, [tou(), increments])), [
    'energy peak: 300 × 0.5769 = 173.07',
    'energy valley: 150 × 0.3769 = 56.54',
    'ladder 2: 190 × 0.05 = 9.50',
    'ladder 3: 50 × 0.3 = 15.00',
  ])
  // 15 kWh free, split as the slots are; they do not lower what fills the ladder.
  t.same(linesOf(used(300, 150, [tou({ free: '15' })])), [
    'energy peak: 290 × 0.5769 = 167.30',
    'energy valley: 145 × 0.3769 = 54.65',
  ])
  const winter = {
    ...used(0, 0, [tou()]),
    periods: [
      {
        start: '2026-11-01',
        end: '2026-11-02',
        quantities: [
          intervals(
            '2026-11-01',
            Array.from({ length: 24 }, () => '1'),
          ),
        ],
      },
    ],
  }
  t.same(linesOf(winter), ['energy peak: 12 × 0.5769 = 6.92', 'energy valley: 12 × 0.3769 = 4.52'])
})
