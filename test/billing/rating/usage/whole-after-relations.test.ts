import t from 'tap'
import { billOf, energy, type Given, perUnit, quantity } from '../offline.js'

const calendar = {
  name: 'day',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
    { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
    { name: 'flat', otherwise: true },
  ],
}
const slots = (...values: readonly (number | string)[]) =>
  ['peak', 'valley', 'flat'].map((slot, index) => energy(values[index] ?? 0, { slot }))

/** Whole kWh of the parent by slot, and of each child in all. */
function wholeOf(quantities: readonly object[], relations: readonly object[], more: object = {}): readonly string[] {
  const given: Given = {
    components: [{ code: 'energy', kind: 'usage', model: perUnit('1') }],
    version: { energyRounding: 'after_loss_half_up', calendars: [calendar], ...more },
    period: { quantities, relations },
  }
  const found = billOf(given).periods[0]?.quantities ?? []
  return found
    .filter(({ name, slot }) => (name === 'energy' ? slot !== null || quantities.length < 3 : slot === null))
    .map(({ name, slot, value }) => `${slot ?? name} ${value}`)
}

t.test('parent and children together are what was metered', async (t) => {
  const fixed = (value: string, more: object = {}) => ({ name: 'lit', kind: 'fixed', value, ...more })
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'thirds of an agreed quantity',
      wholeOf(slots(100, 100, 100), [fixed('25')]),
      ['peak 92', 'valley 91', 'flat 92', 'lit 25'],
    ],
    [
      'parts of a kWh were metered as well',
      wholeOf(slots('100.4', '100.4', '100.4'), [fixed('25')]),
      ['peak 92', 'valley 91', 'flat 92', 'lit 25'],
    ],
    [
      'two children',
      wholeOf(slots(100, 100, 100), [fixed('10'), { name: 'office', kind: 'ratio', value: '0.1' }]),
      ['peak 87', 'valley 87', 'flat 87', 'lit 10', 'office 29'],
    ],
    [
      'a slot that cannot give its share',
      wholeOf(slots('0.4', '0.4', '9.4'), [fixed('9')]),
      ['peak 0', 'valley 0', 'flat 0', 'lit 9'],
    ],
    ['a total alone', wholeOf([energy('100.5')], [fixed('25.5')]), ['energy 75', 'lit 26']],
    [
      'a sub-meter that was read slot by slot is charged as read',
      wholeOf(
        [...slots('50.4', '50.4', '50.4'), ...slots('10.4', '10.4', '10.4').map((one) => ({ ...one, name: 'shop' }))],
        [{ name: 'shop', kind: 'sub_meter' }],
      ),
      ['peak 40', 'valley 40', 'flat 40', 'shop 30'],
    ],
    [
      'a sub-meter of which the total is known',
      wholeOf([...slots(100, 100, 100), quantity('shop', '25.4')], [{ name: 'shop', kind: 'sub_meter' }]),
      ['peak 92', 'valley 91', 'flat 92', 'shop 25'],
    ],
  ]
  for (const [claim, found, expected] of rows) t.same(found, expected, claim)
})
