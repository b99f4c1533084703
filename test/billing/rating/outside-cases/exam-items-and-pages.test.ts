import t from 'tap'
import { energy, type Given, ladder, linesOf, monthly, perUnit, product, quantity, totalsOf } from '../offline.js'

/*
 * A third collection of worked Chinese bills: items of exam banks, pages that explain a bill, school books. Numbers are theirs; where a printed
 * figure does not follow from its own working, the comment says so.
 */

const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const due = (amount: unknown, code = 'due') => ({ code, kind: 'amount', amount })
const misuse = (percent: string) => ({ code: 'misuse', kind: 'percentage', of: ['due'], percent })
const adjusted = (...adjustments: readonly object[]): Given => ({
  components: [usage(perUnit('0.5'))],
  period: { quantities: [energy(0)], adjustments },
})
const quotient = (...of: readonly unknown[]) => ({ op: 'divide', of })
const sum = (...of: readonly unknown[]) => ({ op: 'add', of })
const difference = (...of: readonly unknown[]) => ({ op: 'subtract', of })

type Rows = readonly (readonly [string, Given, string])[]
const check = (rows: Rows, equal: (found: string, wanted: string, claim: string) => unknown) => {
  for (const [claim, given, expected] of rows) equal(totalsOf(given), expected, claim)
}

t.test('ladders whose bounds differ by month, read every month or every second', async (t) => {
  // hidcn.cn gdsd/114322 (Guangdong): 260 and 600 from May to October, else 200 and 400; two months have both bounds.
  const byMonth = (summer: string, other: string) => ({
    op: 'if',
    when: { is: 'month', of: [5, 6, 7, 8, 9, 10] },
    yes: summer,
    no: other,
  })
  const guangdong = (start: string, end: string, kwh: number): Given => ({
    components: [
      usage({
        kind: 'graduated',
        blocks: [
          { upTo: byMonth('260', '200'), price: '0.62' },
          { upTo: byMonth('600', '400'), price: '0.67' },
          { price: '0.92' },
        ],
        scope: { of: 'period', times: 'months' },
      }),
    ],
    periods: [{ start, end, quantities: [energy(kwh)] }],
  })
  check(
    [
      ['November', guangdong('2022-11-01', '2022-12-01', 500), '350.00'],
      ['October', guangdong('2022-10-01', '2022-11-01', 700), '481.00'],
      ['November and December', guangdong('2022-11-01', '2023-01-01', 900), '608.00'],
      ['September and October', guangdong('2022-09-01', '2022-11-01', 1500), '1054.00'],
    ],
    t.equal.bind(t),
  )
  // Its third household, whose table the copy has lost: one month of each kind, so 460 and 1000 kWh.
  t.same(linesOf(guangdong('2022-04-01', '2022-06-01', 1100)), [
    'energy 1: 460 × 0.62 = 285.20',
    'energy 2: 540 × 0.67 = 361.80',
    'energy 3: 100 × 0.92 = 92.00',
  ])
  // zdxiazai.com yYzMzZTN: a shared meter, two months, 15 kWh a month free; printed as 505.89.
  const free = product('15', { op: 'months' })
  t.equal(
    totalsOf({
      components: [usage(perUnit('0.657'), { free })],
      periods: [{ start: '2022-04-01', end: '2022-06-01', quantities: [energy(800)] }],
    }),
    '505.89',
  )
  // 3dmxku.com 3300367 (Hunan): the whole at the base price, steps on top of it.
  const hunan: Given = {
    components: [
      usage(perUnit('0.588')),
      usage(
        { kind: 'graduated', blocks: [{ upTo: '180' }, { upTo: '450', price: '0.05' }, { price: '0.30' }] },
        { code: 'steps' },
      ),
    ],
    periods: [
      {
        start: '2022-07-07',
        end: '2022-08-07',
        quantities: [{ name: 'energy', register: { start: '300', end: '950' } }],
      },
    ],
  }
  t.same(linesOf(hunan), ['energy: 650 × 0.588 = 382.20', 'steps 2: 270 × 0.05 = 13.50', 'steps 3: 200 × 0.3 = 60.00'])
  t.equal(totalsOf(hunan), '455.70')
})

t.test('ladders of school books', async (t) => {
  const steps = (rows: readonly (readonly [string | null, string])[], kwh: number): Given => ({
    components: [usage(ladder(rows))],
    period: { quantities: [energy(kwh)] },
  })
  const qingguo = [
    ['210', '0.52'],
    ['350', '0.57'],
    [null, '0.82'],
  ] as const
  const tihai = [
    ['150', '0.6'],
    ['300', '0.65'],
    [null, '0.9'],
  ] as const
  check(
    [
      ['qingguo.com 931966: its example', steps(qingguo, 400), '230.00'],
      ['… and May', steps(qingguo, 340), '183.30'],
      ['tihai5.com 4009541: 100 kWh', steps(tihai, 100), '60.00'],
      ['… 200', steps(tihai, 200), '122.50'],
      ['… 400', steps(tihai, 400), '277.50'],
      ['… 250, on average 0.62', steps(tihai, 250), '155.00'],
      [
        // The table has 0.8 for the third step, the example that it is printed with computes with 0.85.
        '21cnjy.com 7737035: 400 kWh',
        steps(
          [
            ['200', '0.55'],
            ['300', '0.65'],
            ['400', '0.85'],
            [null, '1'],
          ],
          400,
        ),
        '260.00',
      ],
    ],
    t.equal.bind(t),
  )
})

t.test('misuse and theft', async (t) => {
  check(
    [
      [
        'livelovelifegateway.com 9676523: 2000 kVA sealed on 10 May and in use until the end of July, by days of thirty',
        {
          components: [
            {
              code: 'capacity',
              kind: 'fixed',
              quantity: { op: 'equipment', charged: ['in_service'] },
              unit: 'kVA',
              price: '15',
              per: 'month',
              dayCount: { days: '30' },
            },
          ],
          periods: [
            { start: '2002-05-01', end: '2002-05-31' },
            { start: '2002-06-01', end: '2002-07-01' },
            { start: '2002-07-01', end: '2002-08-01' },
          ],
          usage: { equipment: [{ name: 'a', rating: '2000', state: 'in_service', from: '2002-05-10' }] },
        },
        '21000.00 30000.00 30000.00',
      ],
      [
        '274949.com 28844556: a shop at home for three months, the difference of two prices, and twofold',
        adjusted(due(product(sum('200', '200', '250'), difference('0.8', '0.5'))), misuse('200')),
        '585.00',
      ],
    ],
    t.equal.bind(t),
  )
})

t.test('meters that were connected or geared the wrong way: kWh due', async (t) => {
  // What is due is what the right connection would have shown less what the wrong one did, as a share of the latter.
  const more = (metered: string, right: unknown, wrong: unknown) =>
    adjusted(due(product(metered, difference(quotient(right, wrong), '1'))))
  check(
    [
      [
        'ixiawen.com 36537605: 150/5, 150/5 and 200/5 reversed, settled by 200/5',
        more('500000', '3/40', difference(sum('1/30', '1/30'), '1/40')),
        '400000.00',
      ],
      ['zhaokaoti.com 2298e46c: one voltage circuit of three open', more('10000', '3', '2'), '5000.00'],
      ['qx47.com 305564: 600/5 taken for 300/5', more('1000', '600', '300'), '1000.00'],
      ['… 600/5 for 400/5', more('1000', '600', '400'), '500.00'],
      ['… 400/5 for 600/5: given back', more('1000', '400', '600'), '-333.33'],
    ],
    t.equal.bind(t),
  )
})

t.test('two-part bills and power factors', async (t) => {
  const perKva = (price: string, kva: string) => ({
    code: 'capacity',
    kind: 'fixed',
    quantity: kva,
    unit: 'kVA',
    price,
    per: 'month',
  })
  const ofThousand: Given = {
    components: [perKva('10', '2000'), usage(perUnit('0.20'))],
    period: { quantities: [energy(100_000)] },
  }
  const mean = (kwh: string) => due(quotient({ op: 'amount', of: ['capacity', 'energy'], takes: 'exact' }, kwh), 'mean')
  const exactly = { rounding: { line: { mode: 'half_up', decimals: 3 } } }
  check(
    [
      [
        'docduoduo.com 9000505: 0.40 a kWh on average',
        {
          ...ofThousand,
          period: { quantities: [energy(100_000)], adjustments: [{ ...mean('100000'), multiple: '1' }] },
        },
        '40000.40',
      ],
      [
        '… and how many kWh make it 0.05 less',
        {
          components: [{ ...due(quotient(product('2000', '10'), difference('0.4', '0.05', '0.20'))), ...exactly }],
        },
        '133333.333',
      ],
      [
        '… a fish farm, read at the border: 10 500 kWh',
        { components: [usage(perUnit('0.613'))], period: { quantities: [energy(10_500)] } },
        '6436.50',
      ],
      ['… and a shop', { components: [usage(perUnit('0.799'))], period: { quantities: [energy(10_500)] } }, '8389.50'],
    ],
    t.equal.bind(t),
  )
  // suoa.com.cn power/69: cos φ of 0.52; the page prints both parts and stops at the percent, which the table has as 41.
  const low: Given = {
    components: [
      usage(perUnit('0.5344')),
      perKva('26', '400'),
      {
        code: 'adjusted',
        kind: 'power_factor',
        of: ['energy', 'capacity'],
        given: '0.52',
        table: { standard: '0.90' },
      },
    ],
    period: { quantities: [energy(2650)] },
  }
  t.same(linesOf(low), [
    'energy: 2650 × 0.5344 = 1416.16',
    'capacity: 400 × 26 = 10400.00',
    'adjusted: 11816.16 × 0.41 = 4844.63',
  ])
  // daan888.com 8366732: 5115 kWh and 3090 kvarh are 0.86 and 2 %. The 639.97 printed beside it does not follow from the parts printed.
  const bill: Given = {
    components: [
      due('3207.34', 'energy'),
      monthly('capacity', '28750'),
      {
        code: 'adjusted',
        kind: 'power_factor',
        of: ['energy', 'capacity'],
        active: 'active',
        table: { standard: '0.90' },
      },
    ],
    period: { quantities: [quantity('active', 5115), quantity('reactive', 3090)] },
  }
  t.same(linesOf(bill)[2], 'adjusted: 31957.34 × 0.02 = 639.15')
})
