import t from 'tap'
import { readingTypeOf } from '../../../protocols/dlt645/reading-type.js'

const types: readonly [identifier: string, type: object | null][] = [
  ['00010000', { quantity: 'forward_active_energy', unit: 'kWh', accumulation: 'bulk', tou: 0, moment: 'now' }],
  ['00020401', { quantity: 'reverse_active_energy', tou: 4, moment: { settlement: 1 } }],
  ['0001FF00', { quantity: 'forward_active_energy', tou: 'all', moment: 'now' }],
  ['01010001', { quantity: 'forward_active_demand', unit: 'kW', accumulation: 'maximum', moment: { settlement: 1 } }],
  ['05060103', { quantity: 'forward_active_energy', tou: 'all', moment: { freeze: 'daily', index: 3 } }],
  ['05060501', { quantity: 'reactive_quadrant1_energy', unit: 'kvarh', moment: { freeze: 'daily', index: 1 } }],
  ['05060901', { quantity: 'forward_active_demand', accumulation: 'maximum' }],
  ['05040101', { quantity: 'forward_active_energy', tou: 0, moment: { freeze: 'hourly', index: 1 } }],
  ['05060001', null],
  ['02010100', null],
  ['04000101', null],
]

for (const [identifier, type] of types) {
  t.test(`${identifier} is ${type === null ? 'no register' : JSON.stringify(type)}`, async (t) => {
    t.match(readingTypeOf('2007', identifier), type)
  })
}

t.test('the quantities of stored readings are named as here', async (t) => {
  t.equal(readingTypeOf('2007', '00010000')?.quantity, 'forward_active_energy')
  t.equal(readingTypeOf('2007', '00020000')?.quantity, 'reverse_active_energy')
  t.equal(readingTypeOf('1997', '9010'), null)
})
