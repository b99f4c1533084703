import t from 'tap'
import {
  billOf,
  energy,
  type Given,
  hours,
  intervals,
  linesOf,
  perUnit,
  quantity,
  totalsOf,
  wholes,
} from '../offline.js'

const register = (start: string, end: string, multiplier: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, multiplier },
  ...more,
})

t.test('registers and multipliers', async (t) => {
  const charged = (entry: object, price: string, energyRounding = 'none'): Given => ({
    components: [{ code: 'energy', kind: 'usage', model: perUnit(price) }],
    version: { energyRounding },
    period: { quantities: [entry] },
  })
  const quantityOf = (given: Given) => billOf(given).periods[0]?.lines[0]?.quantity
  // 360doc 20/1015/16: 50/5 and 35000/100; 50/5 alone, whole kWh; 85l.net 154239019: 50/5 and 10000/100.
  t.equal(quantityOf(charged(register('139.73', '248.54', '3500'), '1')), '380835')
  t.equal(quantityOf(charged(register('165.14', '487.78', '10'), '1', 'difference_half_up')), '3226')
  t.equal(quantityOf(charged(register('165.14', '487.78', '10'), '1', 'reading_truncated')), '3220')
  t.equal(totalsOf(charged(register('2155', '2305', '1000'), '0.53')), '79500.00')
  const turned = { name: 'energy', register: { start: '999990.5', end: '12.5', digits: 6, turnedOver: true } }
  t.equal(quantityOf(charged(turned, '1')), '22')
})

t.test('sub-meters, shares and losses', async (t) => {
  const calendar = {
    name: 'day',
    residual: 'flat',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
  }
  const tou = {
    code: 'energy',
    kind: 'usage',
    slots: { calendar: 'day' },
    model: { kind: 'per_unit', prices: { peak: '3', flat: '2', valley: '1' } },
  }
  const lighting = { code: 'lighting', kind: 'usage', quantity: 'lit', model: perUnit('5') }
  const bySlot = [energy(400, { slot: 'peak' }), energy(350, { slot: 'flat' }), energy(250, { slot: 'valley' })]
  const resolved = (
    period: object,
    version: object = {},
    components: readonly object[] = [tou, lighting],
  ): readonly string[] =>
    linesOf({ components, version: { calendars: [calendar], ...version }, period: { quantities: bySlot, ...period } })
  const parts = (...sums: readonly string[]) =>
    ['energy peak', 'energy valley', 'energy flat', 'lighting'].map((name, index) => `${name}: ${sums[index]}`)
  t.same(
    resolved({ relations: [{ name: 'lit', kind: 'fixed', value: '100', from: { slots: ['flat'] } }] }),
    parts('400 × 3 = 1200.00', '250 × 1 = 250.00', '250 × 2 = 500.00', '100 × 5 = 500.00'),
  )
  t.same(
    resolved({ relations: [{ name: 'lit', kind: 'ratio', value: '0.1' }] }),
    parts('360 × 3 = 1080.00', '225 × 1 = 225.00', '315 × 2 = 630.00', '100 × 5 = 500.00'),
  )
  // A share of what a fixed quantity leaves, whole kWh.
  const both = {
    relations: [
      { name: 'lit', kind: 'ratio', value: '0.3333', rounding: wholes, from: { slots: ['flat', 'peak'] } },
      { name: 'office', kind: 'fixed', value: '100', from: { slots: ['flat'] } },
    ],
  }
  t.same(
    resolved(both),
    parts('350 × 3 = 1050.00', '250 × 1 = 250.00', '0 × 2 = 0.00', '300 × 5 = 1500.00').filter(
      (line) => !line.includes(': 0 '),
    ),
  )
  const child = {
    quantities: [...bySlot, quantity('lit', 400)],
    relations: [{ name: 'lit', kind: 'sub_meter', from: { slots: ['flat', 'peak', 'valley'] } }],
  }
  t.same(
    resolved(child),
    parts('350 × 3 = 1050.00', '250 × 1 = 250.00', '0', '400 × 5 = 2000.00').filter((line) => !line.endsWith(': 0')),
  )
  t.same(
    resolved(
      {
        quantities: ['peak', 'valley', 'flat'].map((slot) => energy(100, { slot })),
        relations: [{ name: 'lit', kind: 'fixed', value: '25' }],
      },
      { energyRounding: 'after_loss_half_up' },
    ),
    parts('92 × 3 = 276.00', '91 × 1 = 91.00', '92 × 2 = 184.00', '25 × 5 = 125.00'),
    'whole units leave an agreed quantity as it was agreed, and the parent what was metered less that',
  )
  t.match(resolved({ relations: [{ name: 'lit', kind: 'fixed', value: '1001' }] }), [/^parent_below_children /])
  // Losses wholly on the flat slot, or as energy lies.
  const loss = { losses: [{ kind: 'given', activeLoss: '10.4' }] }
  t.same(resolved(loss, { lossShare: 'residual', lossRounding: wholes }, [tou]).at(-1), 'energy flat: 360 × 2 = 720.00')
  t.same(resolved(loss, { lossRounding: wholes }, [tou]), [
    'energy peak: 404 × 3 = 1212.00',
    'energy valley: 252 × 1 = 252.00',
    'energy flat: 354 × 2 = 708.00',
  ])
  // P0·24·D + k·(Wp²+Wq²)·Pk ÷ (S²·24·D): 0.57·720 + 3.6·(30000²+40000²)·3.1 ÷ (400²·720) = 410.4 + 242.1875 = 652.5875.
  const formula: Given = {
    components: [{ code: 'energy', kind: 'usage', model: perUnit('1') }],
    period: {
      quantities: [energy(30_000), quantity('reactive', 40_000)],
      losses: [
        { kind: 'formula', reactive: 'reactive', ratedKva: '400', noLoadKw: '0.57', loadKw: '3.1', shiftFactor: '3.6' },
      ],
    },
  }
  t.same(linesOf(formula), ['energy: 30652.5875 × 1 = 30652.59'])
  t.same(linesOf({ ...formula, version: { energyRounding: 'after_loss_half_up' } }), ['energy: 30653 × 1 = 30653.00'])
})

t.test('a loss for the residual slot is left out nowhere', async (t) => {
  const calendar = {
    name: 'day',
    residual: 'flat',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
  }
  const lossOf = (entry: object, more: object = {}, share = 'residual') =>
    linesOf({
      components: [{ code: 'energy', kind: 'usage', model: perUnit('1') }],
      version: { calendars: [calendar], lossShare: share },
      period: {
        end: '2026-06-02',
        quantities: [entry, quantity('reactive', 30)],
        losses: [{ kind: 'given', activeLoss: '10' }],
        ...more,
      },
    })
  t.same(lossOf(energy(100)), ['energy: 110 × 1 = 110.00'], 'a total has no slots')
  t.same(lossOf(energy(100, { slot: 'peak' })), ['energy: 110 × 1 = 110.00'], 'no register of the residual slot')
  const day = intervals('2026-06-01', hours(24))
  t.same(lossOf(day), lossOf(day, {}, 'proportional'), 'intervals')
  const bySlot = (share: string) =>
    linesOf({
      components: [
        {
          code: 'energy',
          kind: 'usage',
          slots: { calendar: 'day' },
          model: { kind: 'per_unit', prices: { peak: '3', flat: '1' } },
        },
      ],
      version: { calendars: [calendar], lossShare: share },
      period: {
        end: '2026-06-02',
        quantities: [intervals('2026-06-01', hours(24))],
        losses: [{ kind: 'given', activeLoss: '12' }],
      },
    })
  t.same(bySlot('residual'), ['energy peak: 8 × 3 = 24.00', 'energy flat: 28 × 1 = 28.00'])
  t.same(bySlot('proportional'), ['energy peak: 12 × 3 = 36.00', 'energy flat: 24 × 1 = 24.00'])
  const cosine = linesOf({
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('1') },
      { code: 'pf', kind: 'power_factor', of: ['energy'], table: { standard: '0.90' } },
    ],
    version: { calendars: [calendar], lossShare: 'residual' },
    period: {
      quantities: [energy(40, { slot: 'peak' }), energy(40, { slot: 'flat' }), quantity('reactive', 30)],
      losses: [{ kind: 'given', reactive: 'reactive', activeLoss: '0', reactiveLoss: '30' }],
    },
  })
  t.same(cosine.at(-1), 'pf: 80 × 0.05 = 4.00', 'cos φ of 80 kWh and 60 kvarh is 0.80, not 0.94')
})

t.test('the standard tables count started hundredths below, whole ones above', async (t) => {
  const percentOf = (given: string) =>
    linesOf({
      components: [
        { code: 'energy', kind: 'usage', model: perUnit('1') },
        { code: 'pf', kind: 'power_factor', of: ['energy'], given, decimals: 3, table: { standard: '0.90' } },
      ],
      period: { quantities: [energy(100)] },
    }).at(-1)
  t.equal(percentOf('0.875'), 'pf: 100 × 0.015 = 1.50')
  t.equal(percentOf('0.915'), 'pf: 100 × -0.0015 = -0.15')
})
