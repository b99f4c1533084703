import t from 'tap'
import { totalsOf } from '../offline.js'

const calendar = {
  name: 'seasonal',
  slots: [
    { name: 'sharp', when: [{ months: [7, 8], windows: [{ from: '18:00', to: '21:00' }] }] },
    { name: 'flat', otherwise: true },
  ],
}
const priced = (name: string) => ({
  code: 'energy',
  kind: 'usage',
  model: { kind: 'per_unit', prices: { sharp: '2', flat: '1' } },
  slots: { calendar: name },
})
const register = (slot: string, start: string, end: string, more: object = {}) => ({
  name: 'energy',
  slot,
  register: { start, end },
  ...more,
})

t.test('what a register counted in a slot without time in the period is refused at its place', (t) => {
  const rows = [
    [
      'it counted',
      'sharp',
      ['5', '6'],
      {},
      /^slot_without_time usage.periods.0.quantities.1.slot: .*seasonal never enters from 2026-06-01T00:00\+08:00 to 2026-07-01T00:00\+08:00/,
    ],
    ['it stood still', 'sharp', ['5', '5'], {}, /^10\.00$/],
    ['the slot has time', 'sharp', ['5', '6'], { start: '2026-07-01', end: '2026-08-01' }, /^12\.00$/],
    [
      'the slot has time in a part of the period',
      'sharp',
      ['5', '6'],
      { start: '2026-06-15', end: '2026-07-15' },
      /^12\.00$/,
    ],
  ] as const
  for (const [title, slot, [start, end], span, expected] of rows) {
    const quantities = [register('flat', '0', '10'), register(slot, start, end)]
    const given = {
      components: [priced('seasonal')],
      version: { calendars: [calendar] },
      period: { ...span, quantities },
    }
    t.match(totalsOf(given), expected, title)
  }
  const parts = [
    register('flat', '0', '10', { to: '2026-06-20' }),
    register('flat', '10', '20', { from: '2026-06-20' }),
    register('sharp', '5', '6', { from: '2026-06-20' }),
  ]
  const cut = {
    components: [priced('seasonal')],
    version: { calendars: [calendar] },
    period: { end: '2026-08-01', quantities: parts },
  }
  t.match(totalsOf(cut), '22.00', 'only the part in which it counted is looked at')
  t.end()
})
