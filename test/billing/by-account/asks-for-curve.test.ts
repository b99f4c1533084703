import t from 'tap'
import { asksForCurve, inputsOf } from '../../../billing/by-account/asks-for-curve.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../domain/result.js'
import { ladder, tariffDocument } from '../rating/offline.js'

const slots = [
  { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
  { name: 'valley', otherwise: true },
]
const meter = { name: 'meter', registers: { tou2: 'peak' }, residual: 'valley', slots }
const clock = { name: 'clock', slots: slots.map(({ name, ...rest }) => ({ name: `${name}_hours`, ...rest })) }
const prices = { meter: { peak: '0.6', valley: '0.3' }, clock: { peak_hours: '0.6', valley_hours: '0.3' } }
const bySlot = (calendar: 'meter' | 'clock', more: object = {}) => ({
  kind: 'usage',
  code: 'energy',
  slots: { calendar },
  model: { kind: 'per_unit', prices: prices[calendar] },
  ...more,
})
const plain = { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '0.5' } }
const spot = { ...plain, model: { kind: 'interval_prices', series: 'spot' } }
const series = [{ name: 'spot', start: '2026-07-01', minutes: 60, values: ['0.3'] }]
const demandOf = (of: string) => ({
  kind: 'fixed',
  code: 'demand',
  quantity: { op: 'max', of: ['10', { op: 'demand', of, minutes: 15 }] },
  unit: 'kW',
  price: '40',
  per: 'month',
})
const inSlot = (slot: string) => ({ ...plain, quantity: { op: 'quantity', name: 'energy', slot } })
const shared = (sharing: string) =>
  bySlot('meter', {
    model: ladder(
      [
        ['10', '0.5'],
        [null, '0.6'],
      ],
      { sharing },
    ),
  })

function tariffOf(component: object) {
  const parsed = parseComponentTariff(
    tariffDocument({ components: [component], version: { calendars: [meter, clock], series } }),
  )
  invariant(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error.defects))
  return parsed.value
}

t.test('a version asks for the curve where registers do not say when energy was used', (t) => {
  const cases = [
    ['energy as a whole', plain, false],
    ['slots that registers count, the residual one among them', bySlot('meter'), false],
    ['slots of the clock alone', bySlot('clock'), true],
    ['of these slots the ones of something else', bySlot('clock', { quantity: 'export' }), false],
    ['prices by interval', spot, true],
    ['prices by interval of what is fed in', { ...spot, quantity: 'export' }, false],
    ['demand from intervals, inside an expression', demandOf('energy'), true],
    ['demand from intervals of something else', demandOf('export'), false],
    ['energy in a slot that a register counts', inSlot('peak'), false],
    ['energy in a slot of the clock', inSlot('peak_hours'), true],
    ['blocks of each slot', shared('per_slot'), false],
    ['blocks that fill as time goes by', shared('time_order'), true],
  ] as const
  for (const [title, component, expected] of cases)
    t.equal(tariffOf(component).versions.some(asksForCurve), expected, title)
  const other = { ...tariffOf(spot), code: 'other' }
  t.same(inputsOf([tariffOf(plain), other]), { tariffCodes: ['worked', 'other'], curveCodes: ['other'] })
  t.end()
})
