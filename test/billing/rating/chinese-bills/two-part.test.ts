import t from 'tap'
import { billOf, energy, type Given, linesOf, product, quantity, totalsOf } from '../offline.js'

/** Basic charge on what the equipment is, days counted of thirty. */
const capacity = (price: string, charged: readonly string[] = ['in_service'], more: object = {}) => ({
  code: 'capacity',
  kind: 'fixed',
  quantity: { op: 'equipment', charged, ...more },
  unit: 'kVA',
  price,
  per: 'month',
  dayCount: { days: '30' },
})

t.test('capacity by days', async (t) => {
  const unit = (rating: string, state: string, more: object = {}) => ({
    name: `${rating} ${state}`,
    rating,
    state,
    ...more,
  })
  const rows: readonly (readonly [string, object, readonly object[], readonly [string, string], string])[] = [
    // ptmygj.cn 3268794: 315 kVA replaced by 400 on 12 May, read on the 24th, 10 yuan.
    [
      'a larger one for the rest of the period',
      capacity('10'),
      [unit('315', 'in_service', { to: '2026-05-12' }), unit('400', 'in_service', { from: '2026-05-12' })],
      ['2026-04-24', '2026-05-24'],
      '3490.00',
    ],
    // daowen.com lilun/1083847: one running, one hot standby, one cold and sealed; 28 yuan.
    [
      'hot standby counts, cold does not',
      capacity('28', ['in_service', 'hot_standby']),
      [unit('1000', 'in_service'), unit('1000', 'hot_standby'), unit('1000', 'cold_standby')],
      ['2026-06-01', '2026-07-01'],
      '56000.00',
    ],
    [
      'of an interlocked pair the larger one',
      capacity('28'),
      [unit('1000', 'in_service', { interlock: 'a' }), unit('630', 'in_service', { interlock: 'a' })],
      ['2026-06-01', '2026-07-01'],
      '28000.00',
    ],
    [
      'a suspension of ten days counts for nothing',
      capacity('30', ['in_service'], { leastSuspendedDays: 15 }),
      [
        unit('1000', 'in_service', { to: '2026-06-11' }),
        unit('1000', 'suspended', { from: '2026-06-11', to: '2026-06-21' }),
        unit('1000', 'in_service', { from: '2026-06-21' }),
      ],
      ['2026-06-01', '2026-07-01'],
      '30000.00',
    ],
    [
      'one of fifteen days counts',
      capacity('30', ['in_service'], { leastSuspendedDays: 15 }),
      [
        unit('1000', 'in_service', { to: '2026-06-11' }),
        unit('1000', 'suspended', { from: '2026-06-11', to: '2026-06-26' }),
        unit('1000', 'in_service', { from: '2026-06-26' }),
      ],
      ['2026-06-01', '2026-07-01'],
      '15000.00',
    ],
    [
      'days of thirty in a month of 31',
      capacity('30'),
      [unit('1000', 'in_service', { to: '2026-07-11' }), unit('500', 'in_service', { from: '2026-07-11' })],
      ['2026-07-01', '2026-08-01'],
      '20500.00',
    ],
    [
      'days of the calendar month',
      { ...capacity('31'), dayCount: 'calendar' },
      [unit('1000', 'in_service', { to: '2026-07-11' }), unit('500', 'in_service', { from: '2026-07-11' })],
      ['2026-07-01', '2026-08-01'],
      '20500.00',
    ],
  ]
  for (const [claim, component, equipment, [start, end], expected] of rows)
    t.equal(totalsOf({ components: [component], periods: [{ start, end }], usage: { equipment } }), expected, claim)
})

t.test('contracted demand', async (t) => {
  const fact = { op: 'fact', name: 'contracted_kw' }
  const limit = product('1.05', fact)
  const component = (quantityOf: unknown) => ({
    code: 'demand',
    kind: 'fixed',
    quantity: quantityOf,
    unit: 'kW',
    price: '40',
    per: 'month',
  })
  const within = { is: 'less_or_equal', of: ['demand', limit] }
  const excess = { op: 'add', of: [limit, product('2', { op: 'subtract', of: ['demand', limit] })] }
  const rule105 = component({ op: 'if', when: within, yes: fact, no: excess })
  const charged = (kw: string, rule: object): Given => ({
    components: [rule],
    period: { quantities: [quantity('demand', kw, { unit: 'kW' })] },
    usage: { facts: [{ name: 'contracted_kw', value: '1000' }] },
  })
  // 58z.net 310404533 (发改价格〔2005〕514号): 1000 agreed, 1300 metered: 1050 and twice 250.
  t.same(linesOf(charged('1300', rule105)), ['demand: 1550 × 40 = 62000.00'])
  t.same(linesOf(charged('1050', rule105)), ['demand: 1000 × 40 = 40000.00'])
  t.same(linesOf(charged('600', rule105)), ['demand: 1000 × 40 = 40000.00'])
  // daowen.com lilun/1083847: 800 kVA, 228 kW metered, at least 40 % of the capacity; 39 yuan.
  const floor = component({ op: 'max', of: ['demand', product('0.4', '800')] })
  t.equal(totalsOf(charged('228', { ...floor, price: '39' })), '12480.00')
  // A contracted value raised on 16 June: half of the month each.
  const raised = {
    ...charged('900', rule105),
    usage: {
      facts: [
        { name: 'contracted_kw', value: '1000', to: '2026-06-16' },
        { name: 'contracted_kw', value: '1200', from: '2026-06-16' },
      ],
    },
  }
  t.same(linesOf(raised), ['demand: 500 × 40 = 20000.00', 'demand: 600 × 40 = 24000.00'])
  // 浙江第三监管周期: 260 kWh and more per contracted kW: 90 % of the price.
  const loaded = {
    ...rule105,
    price: {
      op: 'if',
      when: { is: 'greater_or_equal', of: ['energy', product('260', fact)] },
      yes: product('0.9', '40'),
      no: '40',
    },
  }
  const used = (kwh: number): Given => ({
    ...charged('1000', loaded),
    period: { quantities: [quantity('demand', '1000', { unit: 'kW' }), energy(kwh)] },
  })
  t.equal(totalsOf(used(260_000)), '36000.00')
  t.equal(totalsOf(used(259_999)), '40000.00')
})

t.test('power factor, by all tables', async (t) => {
  const rows: readonly (readonly ['0.90' | '0.85' | '0.80', string, string])[] = [
    ['0.90', '1', '-0.75'],
    ['0.90', '0.94', '-0.60'],
    ['0.90', '0.90', '0.00'],
    ['0.90', '0.70', '10.00'],
    ['0.90', '0.69', '11.00'],
    ['0.90', '0.65', '15.00'],
    ['0.90', '0.64', '17.00'],
    ['0.90', '0.54', '37.00'],
    ['0.85', '0.95', '-1.10'],
    ['0.85', '0.91', '-0.65'],
    ['0.85', '0.90', '-0.50'],
    ['0.85', '0.86', '-0.10'],
    ['0.85', '0.65', '10.00'],
    ['0.85', '0.64', '11.00'],
    ['0.85', '0.59', '17.00'],
    ['0.80', '0.92', '-1.30'],
    ['0.80', '0.91', '-1.15'],
    ['0.80', '0.79', '0.50'],
    ['0.80', '0.60', '10.00'],
    ['0.80', '0.55', '15.00'],
    ['0.80', '0.54', '17.00'],
  ]
  for (const [standard, given, percent] of rows) {
    const component = { code: 'adjusted', kind: 'power_factor', of: ['base'], given, table: { standard } }
    const lines = linesOf({ components: [{ code: 'base', kind: 'fixed', price: '100', per: 'period' }, component] })
    t.equal(lines[1]?.split(' = ')[1] ?? '0.00', percent, `${standard} at ${given}`)
  }
  const metered = (active: string, reactive: string) =>
    billOf({
      components: [
        { code: 'base', kind: 'fixed', price: '100', per: 'period' },
        { code: 'adjusted', kind: 'power_factor', of: ['base'], table: { standard: '0.90' } },
      ],
      period: { quantities: [energy(active), quantity('reactive', reactive)] },
    }).periods[0]?.quantities.find(({ name }) => name === 'power_factor')?.value
  t.equal(metered('100', '48'), '0.9')
  t.equal(metered('8000', '6000'), '0.8')
  t.equal(metered('0', '0'), undefined, 'nothing is adjusted where nothing was used')
  // Irrational cosines next to the border of two decimals: 1000 and 470.13 give 0.90497…, 1000 and 470.0 0.90502….
  t.equal(metered('1000', '470.13'), '0.9')
  t.equal(metered('1000', '470'), '0.91')
})
