import t from 'tap'
import { billOf, energy, type Given, linesOf, perUnit, totalsOf } from '../offline.js'

const calendar = {
  name: 'day',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
    { name: 'off', otherwise: true },
  ],
}
const plain = { code: 'energy', kind: 'usage', model: perUnit('1') }
const bySlot = {
  code: 'energy',
  kind: 'usage',
  slots: { calendar: 'day' },
  model: { kind: 'per_unit', prices: { peak: '2', off: '0.5' } },
}
const single = energy(100, { to: '2026-06-11' })
const slotted = [energy(30, { slot: 'peak', from: '2026-06-11' }), energy(20, { slot: 'off', from: '2026-06-11' })]

t.test('a meter of a single rate, and one that counts slots after it', async (t) => {
  const given = (more: Partial<Given>): Given => ({
    components: [plain],
    period: { quantities: [single, ...slotted] },
    ...more,
  })
  const version = (number: number, component: object, more: object) => ({
    version: number,
    rounding: {},
    calendars: [calendar],
    components: [component],
    ...more,
  })
  const versions = [
    version(1, plain, { validFrom: '2026-01-01', validTo: '2026-06-11' }),
    version(2, bySlot, { validFrom: '2026-06-11' }),
  ]
  const rows: readonly (readonly [string, Given, readonly string[]])[] = [
    ['all of it at one price', given({ version: { calendars: [calendar] } }), ['energy: 150 × 1 = 150.00']],
    [
      'by slot from the version that knows slots',
      given({ components: [], versions }),
      ['energy: 100 × 1 = 100.00', 'energy peak: 30 × 2 = 60.00', 'energy off: 20 × 0.5 = 10.00'],
    ],
    [
      'at the price of the residual slot, where there is one',
      given({ components: [bySlot], version: { calendars: [{ ...calendar, residual: 'off' }] } }),
      ['energy peak: 30 × 2 = 60.00', 'energy off: 120 × 0.5 = 60.00'],
    ],
    [
      'slots first, a single rate after them',
      given({
        components: [],
        versions: [
          version(1, bySlot, { validFrom: '2026-01-01', validTo: '2026-06-21' }),
          version(2, plain, { validFrom: '2026-06-21' }),
        ],
        period: {
          quantities: [
            energy(7, { slot: 'peak', to: '2026-06-21' }),
            energy(5, { slot: 'off', to: '2026-06-21' }),
            energy(12, { to: '2026-06-21' }),
            energy(9, { from: '2026-06-21' }),
          ],
        },
      }),
      ['energy peak: 7 × 2 = 14.00', 'energy off: 5 × 0.5 = 2.50', 'energy: 9 × 1 = 9.00'],
    ],
  ]
  for (const [claim, one, expected] of rows) t.same(linesOf(one), expected, claim)
  t.match(
    totalsOf(given({ components: [bySlot], version: { calendars: [calendar] } })),
    /^register_without_slot usage\.periods\.0\.quantities\.0: the slots of calendar day hold 100 less than energy/,
    'nobody says at which slot the single rate is to be charged',
  )
  const whole = billOf(given({ version: { calendars: [calendar] } })).periods[0]?.quantities
  t.same(whole?.[0], { name: 'energy', slot: null, value: '150' })
})

t.test('two meters read at different times each have their own rest', async (t) => {
  const residual = { ...calendar, residual: 'off' }
  const slots = (quantities: readonly object[]): readonly string[] =>
    linesOf({ components: [bySlot], version: { calendars: [residual] }, period: { quantities } })
  t.same(
    slots([
      energy(100, { to: '2026-06-11' }),
      energy(50, { from: '2026-06-11' }),
      energy(40, { slot: 'peak', to: '2026-06-11' }),
      energy(10, { slot: 'peak', from: '2026-06-11' }),
    ]),
    ['energy peak: 50 × 2 = 100.00', 'energy off: 100 × 0.5 = 50.00'],
  )
  t.same(
    slots([energy(100, { to: '2026-06-11' }), energy(50, { from: '2026-06-11' }), energy(60, { slot: 'peak' })]),
    ['energy peak: 60 × 2 = 120.00', 'energy off: 90 × 0.5 = 45.00'],
    'a total of two readings beside a register read once',
  )
  t.same(
    slots([energy(100), energy(60), energy(30, { slot: 'peak' }), energy(20, { slot: 'peak' })]),
    ['energy peak: 50 × 2 = 100.00', 'energy off: 110 × 0.5 = 55.00'],
    'two lines side by side',
  )
  t.match(
    slots([energy(100, { to: '2026-06-11' }), energy(30, { slot: 'peak', from: '2026-06-05' })]),
    [/^quantity_given_twice usage\.periods\.0\.quantities\.0/],
    'slots that were counted partly beside the total',
  )
})
