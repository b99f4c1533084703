import t from 'tap'
import { billOf, cents, energy, type Given, linesOf, perUnit, product, totalsOf, wholes } from '../offline.js'

const adjusted = (code: string, amount: object, more: object = {}) => ({ code, kind: 'amount', amount, ...more })
const nothing = [{ code: 'energy', kind: 'usage', model: perUnit('0.5') }]
const adjustment = (adjustments: readonly object[]): Given => ({
  components: nothing,
  period: { quantities: [energy(0)], adjustments },
})

t.test('adjustments and misuse', async (t) => {
  const price = (kva: string, yuan: string, months: string) => product(kva, yuan, months)
  const rows: readonly (readonly [string, readonly object[], readonly string[]])[] = [
    // livelovelifegateway.com 9676523: 2000 kVA unsealed from 10 May to 30 July: 21/30 and two months.
    [
      'unsealed equipment',
      [adjusted('capacity_due', { op: 'add', of: [price('2000', '15', '21/30'), price('2000', '15', '2')] })],
      ['capacity_due: 1 × 81000 = 81000.00'],
    ],
    // m.274949.com 704/t28851053: 315 kVA added from 25 August to 30 September; threefold.
    [
      'capacity added in secret',
      [
        adjusted('capacity_due', { op: 'add', of: [price('315', '20', '7/30'), price('315', '20', '1')] }),
        adjusted('misuse', { op: 'amount', of: ['capacity_due'], takes: 'exact' }, { multiple: '3' }),
      ],
      ['capacity_due: 1 × 7770 = 7770.00', 'misuse: 1 × 7770 × 3 = 23310.00'],
    ],
    // dushuang.com 981708: 2 kW for 180 days of 12 hours at 0.40; threefold.
    [
      'theft of energy',
      [
        adjusted('energy_due', product('2', '180', '12', '0.40'), { quantity: product('2', '180', '12'), unit: 'kWh' }),
        adjusted('misuse', { op: 'amount', of: ['energy_due'], takes: 'rounded' }, { multiple: '3' }),
      ],
      ['energy_due: 4320 × 0.4 = 1728.00', 'misuse: 1 × 1728 × 3 = 5184.00'],
    ],
    // tk.swop.cn 5076399: energy of two classes at the residential price; twice the exact difference.
    [
      'a dearer use, twice the exact difference',
      [
        adjusted('difference', {
          op: 'add',
          of: [
            product('5400', { op: 'subtract', of: ['0.7625', '0.5653'] }),
            product('1620', { op: 'subtract', of: ['0.8895', '0.5653'] }),
          ],
        }),
        adjusted('misuse', { op: 'amount', of: ['difference'], takes: 'exact' }, { multiple: '2' }),
      ],
      ['difference: 1 × 1590.084 = 1590.08', 'misuse: 1 × 1590.084 × 2 = 3180.17'],
    ],
    [
      'twice the rounded difference',
      [
        adjusted('difference', product('5400', '0.29446')),
        adjusted('misuse', { op: 'amount', of: ['difference'], takes: 'rounded' }, { multiple: '2' }),
      ],
      ['difference: 1 × 1590.084 = 1590.08', 'misuse: 1 × 1590.08 × 2 = 3180.16'],
    ],
    // A meter 3 % slow on 9700 kWh: 9700 ÷ 0.97 − 9700 = 300 kWh.
    [
      'a quotient',
      [
        adjusted(
          'slow_meter',
          product({ op: 'subtract', of: [{ op: 'divide', of: ['9700', '0.97'] }, '9700'] }, '0.5'),
        ),
      ],
      ['slow_meter: 1 × 150 = 150.00'],
    ],
    [
      'money back',
      [adjusted('refund', product('100', '0.125'), { multiple: '-1' })],
      ['refund: 1 × 12.5 × -1 = -12.50'],
    ],
  ]
  for (const [claim, adjustments, expected] of rows) t.same(linesOf(adjustment(adjustments)), expected, claim)
  const third = adjustment([adjusted('thirds', { op: 'divide', of: ['100', '3'] })])
  t.match(billOf(third).periods[0]?.lines[0], { amountExact: '100/3', amount: '33.33' })
})

t.test('where amounts are rounded', async (t) => {
  const bill = (rounding: object, prices: readonly string[], kwh = '1'): string =>
    totalsOf({
      components: prices.map((price, index) => ({ code: `c${index}`, kind: 'usage', model: perUnit(price) })),
      version: { rounding },
      period: { quantities: [energy(kwh)] },
    })
  const at = (mode: string, decimals = 2) => ({ mode, decimals })
  const rows: readonly (readonly [string, object, readonly string[], string])[] = [
    ['nowhere', {}, ['0.125', '0.125'], '0.25'],
    ['nowhere, and it shows', {}, ['0.125', '0.12'], '0.245'],
    ['each line', { line: cents }, ['0.125', '0.125'], '0.26'],
    ['the total', { total: cents }, ['0.125', '0.12'], '0.25'],
    ['half to even', { line: at('half_even') }, ['0.125', '0.135'], '0.26'],
    ['up is away from zero', { line: at('up') }, ['0.121'], '0.13'],
    ['down is towards zero', { line: at('down') }, ['0.129'], '0.12'],
    ['to whole yuan', { total: at('half_up', 0) }, ['1.5'], '2.00'],
    ['to tens', { total: at('half_up', -1) }, ['14.99'], '10.00'],
  ]
  for (const [claim, rounding, prices, expected] of rows) t.equal(bill(rounding, prices), expected, claim)
  t.equal(bill({ quantity: wholes, line: cents }, ['0.5'], '2.5'), '1.50', 'the quantity first')
  const credit = (mode: string) =>
    linesOf({
      components: [{ code: 'c', kind: 'usage', multiple: '-1', model: perUnit('0.125') }],
      version: { rounding: { line: at(mode) } },
      period: { quantities: [energy(1)] },
    })[0]?.split(' = ')[1]
  t.same(['half_up', 'half_even', 'up', 'down'].map(credit), ['-0.13', '-0.12', '-0.13', '-0.12'])
  const months = ['01', '02', '03', '04', '05'].map((month, index) => ({
    start: `2026-${month}-01`,
    end: `2026-0${index + 2}-01`,
    quantities: [energy(1)],
  }))
  const cumulative: Given = {
    components: nothing.map((one) => ({ ...one, model: perUnit('0.334') })),
    version: { rounding: { line: cents, cumulative: true } },
    periods: months,
  }
  t.equal(totalsOf(cumulative), '0.33 0.34 0.33 0.34 0.33')
})

t.test('取整: whole yuan are asked for, and the fen that are left go to the next bill', (t) => {
  const carried: Given = {
    components: [{ code: 'c', kind: 'usage', model: perUnit('0.5469') }],
    version: { rounding: { line: cents, total: { mode: 'down', decimals: 0, carried: true } } },
    periods: ['100', '61', '0', '98'].map((used, index) => ({
      start: `2026-0${index + 1}-01`,
      end: `2026-0${index + 2}-01`,
      quantities: [energy(Number(used))],
    })),
  }
  // 54.69, 33.36, 0 and 53.60: 54 leave 0.69, with 33.36 they make 34.05, with 53.60 53.65.
  t.equal(totalsOf(carried), '54.00 34.00 0.00 53.00')
  const bill = billOf(carried)
  t.same(bill.periods.at(-1)?.closing.rounding, [{ line: '(total)', exact: '141.65', rounded: '141' }])
  const next: Given = {
    ...carried,
    usage: { opening: bill.periods[1]?.closing },
    periods: carried.periods?.slice(2) ?? [],
  }
  t.equal(totalsOf(next), '0.00 53.00', 'by the closing state too')
  t.end()
})

t.test('what is rounded as a whole is a base as rounded', async (t) => {
  const downToYuan = { mode: 'down', decimals: 0 }
  const given = (takes: string, versions?: readonly object[]): Given => ({
    components: [
      { code: 'energy', kind: 'usage', rounding: { component: downToYuan }, model: perUnit('0.335') },
      { code: 'tax', kind: 'percentage', of: ['energy'], percent: '10', takes },
    ],
    version: { rounding: {} },
    ...(versions === undefined ? {} : { versions }),
    period: { quantities: [energy(10, { to: '2026-06-16' }), energy(10, { from: '2026-06-16' })] },
  })
  t.same(linesOf(given('rounded')), ['energy: 20 × 0.335 = 6.70', 'tax: 6 × 0.1 = 0.60'])
  t.same(linesOf(given('exact')), ['energy: 20 × 0.335 = 6.70', 'tax: 6.7 × 0.1 = 0.67'])
  // Under two versions each part has what it adds to the rounded sum: 3.35 is 3, with 3.35 more 6.
  const { components } = given('rounded')
  const version = (number: number, from: string, to?: string) => ({
    version: number,
    validFrom: from,
    ...(to === undefined ? {} : { validTo: to }),
    rounding: {},
    components,
  })
  t.same(linesOf(given('rounded', [version(1, '2026-01-01', '2026-06-16'), version(2, '2026-06-16')])), [
    'energy: 10 × 0.335 = 3.35',
    'tax: 3 × 0.1 = 0.30',
    'energy: 10 × 0.335 = 3.35',
    'tax: 3 × 0.1 = 0.30',
  ])
})
