import t from 'tap'
import { billOf, energy, type Given, ladder, linesOf, perUnit, product, quantity, totalsOf } from '../offline.js'

t.test('composition of the agency price, and what floats', async (t) => {
  // State Grid Hubei, January 2026: two-part 1–10 kV; the base floats, funds and the rest do not.
  const flat = { op: 'add', of: ['0.384470', '0.013643'] }
  const calendar = {
    name: 'hubei',
    slots: [
      { name: 'flat', otherwise: true },
      {
        name: 'valley',
        when: [
          {
            windows: [
              { from: '00:00', to: '06:00' },
              { from: '12:00', to: '14:00' },
            ],
          },
        ],
      },
    ],
  }
  const given: Given = {
    components: [
      {
        code: 'purchase',
        kind: 'usage',
        slots: { calendar: 'hubei' },
        model: { kind: 'per_unit', prices: { flat, valley: product('0.45', flat) } },
        tags: ['adjusted'],
      },
      { code: 'grid', kind: 'usage', model: perUnit('0.1263'), tags: ['adjusted'] },
      { code: 'system', kind: 'usage', model: perUnit('0.082273') },
      { code: 'fund_grid', kind: 'usage', model: perUnit('0.02') },
      { code: 'fund_reservoir', kind: 'usage', model: perUnit('0.0062') },
      { code: 'fund_renewable', kind: 'usage', model: perUnit('0.019') },
      { code: 'power_factor', kind: 'power_factor', of: ['#adjusted'], given: '0.85', table: { standard: '0.90' } },
    ],
    version: { calendars: [calendar] },
    period: { quantities: [energy(600_000, { slot: 'flat' }), energy(400_000, { slot: 'valley' })] },
  }
  const { byComponent, amount } = billOf(given).periods[0]?.totals ?? { byComponent: [], amount: '' }
  t.same(
    byComponent.map((one) => `${one.component} ${one.amount}`),
    [
      'purchase 310528.14',
      'grid 126300.00',
      'system 82273.00',
      'fund_grid 20000.00',
      'fund_reservoir 6200.00',
      'fund_renewable 19000.00',
      'power_factor 10920.70',
    ],
  )
  t.equal(amount, '575221.84')
})

t.test('photovoltaic surplus is paid for and nets nothing', async (t) => {
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: ladder([
          ['210', '0.5469'],
          [null, '0.5969'],
        ]),
      },
      { code: 'feed_in', kind: 'usage', quantity: 'export', multiple: '-1', model: perUnit('0.3949') },
    ],
    period: { quantities: [energy(250), quantity('export', 400)] },
  }
  t.same(linesOf(given), [
    'energy 1: 210 × 0.5469 = 114.85',
    'energy 2: 40 × 0.5969 = 23.88',
    'feed_in: 400 × 0.3949 × -1 = -157.96',
  ])
  t.equal(totalsOf(given), '-19.23')
})

t.test('spot prices per interval, with a share and a constant', async (t) => {
  const series = { name: 'spot', start: '2026-06-01', minutes: 15, values: ['0.10', '0.20', '-0.05', '0.40'] }
  const spot = (more: object = {}): Given => ({
    components: [
      { code: 'spot', kind: 'usage', model: { kind: 'interval_prices', series: 'spot', add: '0.01' }, ...more },
    ],
    tariff: { mayBeNegative: true },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-01T01:00',
        quantities: [
          {
            name: 'energy',
            intervals: { start: '2026-06-01', minutes: 15, unit: 'kW', values: ['40', '80', '120', '160'] },
          },
        ],
      },
    ],
    usage: { series: [series] },
  })
  // 10 × 0.11 + 20 × 0.21 + 30 × −0.04 + 40 × 0.41 = 20.5
  t.equal(totalsOf(spot()), '20.50')
  t.equal(totalsOf(spot({ share: '0.3' })), '6.15')
  t.match(linesOf({ ...spot(), tariff: {} }), [/^negative_price /])
})
