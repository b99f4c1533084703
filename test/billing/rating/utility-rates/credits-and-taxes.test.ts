import t from 'tap'
import { billOf, energy, type Given, linesOf, perUnit, quantity, totalsOf } from '../offline.js'

t.test('net metering', async (t) => {
  const year = { of: 'year', yearStart: '04-01' }
  const free = { quantity: 'export', scope: year, carried: true }
  const months: readonly (readonly [string, string, number, number])[] = [
    ['2026-01-01', '2026-02-01', 300, 400],
    ['2026-02-01', '2026-03-01', 350, 200],
    ['2026-03-01', '2026-04-01', 100, 250],
    ['2026-04-01', '2026-05-01', 100, 0],
  ]
  const given: Given = {
    components: [{ code: 'energy', kind: 'usage', free, model: perUnit('1') }],
    periods: months.map(([start, end, imported, exported]) => ({
      start,
      end,
      quantities: [energy(imported), quantity('export', exported)],
    })),
  }
  // 100 kWh are carried into February, and 150 of March are lost as the year ends.
  t.equal(totalsOf(given), '0.00 50.00 0.00 100.00')
  t.match(billOf(given).periods[0]?.closing.free, [
    { component: 'energy', scope: '2025-04-01', granted: '400', used: '300' },
  ])
  // zhuoyang/hass-tnb, tests/test_calculations.py: export is taken off the peak first.
  const calendar = {
    name: 'tnb',
    slots: [
      { name: 'peak', when: [{ days: ['weekday'], windows: [{ from: '14:00', to: '22:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const tnb = (exported: number): readonly string[] =>
    linesOf({
      components: [
        {
          code: 'energy',
          kind: 'usage',
          slots: { calendar: 'tnb' },
          free: { quantity: 'export', from: { slots: ['peak', 'off'] } },
          model: { kind: 'per_unit', prices: { peak: '0.5', off: '0.3' } },
        },
      ],
      version: { calendars: [calendar] },
      period: {
        quantities: [energy(100, { slot: 'peak' }), energy(200, { slot: 'off' }), quantity('export', exported)],
      },
    })
  t.same(tnb(50), ['energy peak: 50 × 0.5 = 25.00', 'energy off: 200 × 0.3 = 60.00'])
  t.same(tnb(150), ['energy off: 150 × 0.3 = 45.00'])
  t.same(tnb(400), [])
})

t.test('waivers, thresholds and a tax on a part', async (t) => {
  // zhuoyang/hass-tnb, tests/test_calculations.py: the retail charge, KWTBB above 300 kWh, service tax on what exceeds 600 kWh.
  const above = (limit: string) => ({ is: 'greater', of: ['energy', limit] })
  const tnb = (kwh: number): Given => ({
    components: [
      { code: 'base', kind: 'fixed', price: '200', per: 'month' },
      { code: 'retail', kind: 'fixed', price: '10', per: 'month', when: above('600') },
      { code: 'fund', kind: 'percentage', of: ['base'], percent: '1.6', when: above('300') },
      {
        code: 'service_tax',
        kind: 'percentage',
        of: ['base'],
        when: above('600'),
        percent: {
          op: 'multiply',
          of: ['8', { op: 'divide', of: [{ op: 'subtract', of: ['energy', '600'] }, 'energy'] }],
        },
      },
    ],
    period: { quantities: [energy(kwh)] },
  })
  const rows: readonly (readonly [number, string])[] = [
    [300, '200.00'],
    [400, '203.20'],
    [600, '203.20'],
    [800, '217.20'],
    [900, '218.53'],
  ]
  for (const [kwh, expected] of rows) t.equal(totalsOf(tnb(kwh)), expected, `${kwh} kWh`)
  // The same suite: the price of each slot by the block of the whole use.
  const tou = (peak: number, off: number): Given => ({
    components: [
      {
        code: 'energy',
        kind: 'usage',
        slots: { calendar: 'c' },
        model: {
          kind: 'volume',
          blocks: [
            { upTo: '1500', prices: { peak: '0.2852', off: '0.2443' } },
            { prices: { peak: '0.3852', off: '0.3443' } },
          ],
        },
      },
    ],
    version: {
      calendars: [
        {
          name: 'c',
          slots: [
            { name: 'peak', when: [{ windows: [{ from: '14:00', to: '22:00' }] }] },
            { name: 'off', otherwise: true },
          ],
        },
      ],
    },
    period: { quantities: [energy(peak, { slot: 'peak' }), energy(off, { slot: 'off' })] },
  })
  t.same(linesOf(tou(300, 500)), ['energy peak/1: 300 × 0.2852 = 85.56', 'energy off/1: 500 × 0.2443 = 122.15'])
  t.same(linesOf(tou(800, 1000)), ['energy peak/2: 800 × 0.3852 = 308.16', 'energy off/2: 1000 × 0.3443 = 344.30'])
})

t.test('supply by the day and a tax included or added', async (t) => {
  // aguinane/qld-tariffs, tests/test_costs.py: 31 days at 60.514 cents and 10 % GST come to 20.64.
  const supply = {
    code: 'supply',
    kind: 'fixed',
    price: '0.60514',
    per: 'day',
    rounding: { line: { mode: 'half_up', decimals: 6 } },
  }
  const added: Given = {
    components: [
      supply,
      {
        code: 'gst',
        kind: 'percentage',
        of: ['supply'],
        percent: '10',
        rounding: { line: { mode: 'half_up', decimals: 6 } },
      },
    ],
    version: { rounding: { total: { mode: 'half_up', decimals: 2 } } },
    period: { end: '2026-07-02' },
  }
  t.equal(totalsOf(added), '20.64')
  const included: Given = {
    components: [
      { code: 'supply', kind: 'fixed', price: '11.30', per: 'period' },
      { code: 'vat', kind: 'percentage', of: ['supply'], percent: '13', included: true },
    ],
  }
  t.same(linesOf(included), ['supply: 1 × 11.3 = 11.30', 'vat: 11.3 × 13/113 = 1.30'])
  t.equal(totalsOf(included), '11.30')
})
