import t from 'tap'
import { energyMapOf, findMeterModel } from '../../../protocols/modbus/meter-models.js'
import {
  decodeRegisterBlock,
  encodeRegisterBlock,
  energyMapFrom,
  type EnergyMap,
  readRequestOf,
  sideOf,
} from '../../../protocols/modbus/register-map.js'

const model = findMeterModel('acrel-adl3000-e')
if (model === null) throw new Error('the model does not ship')
const acrel = energyMapOf(model, 'forward_active_energy')
const sample = { totalE4: 42_949_672_9500n, touE4: [100n, 200n, 300n, 400n] } as const

t.test('reads the five counters of the ADL3000-E in one request', async (t) => {
  t.strictSame(readRequestOf(acrel), { function: 3, start: 10, count: 10 })
})

t.test('decodes the largest counter exactly', async (t) => {
  const block = Buffer.from('ffffffff00000001000000020000000300000004', 'hex')
  t.strictSame(decodeRegisterBlock(acrel, block), { ok: true, value: sample })
  t.equal(encodeRegisterBlock(acrel, sample).toString('hex'), block.toString('hex'))
})

t.test('a meter cuts off what its resolution cannot show', async (t) => {
  const block = encodeRegisterBlock(acrel, { totalE4: 199n, touE4: [99n, 0n, 0n, 0n] })
  t.strictSame(decodeRegisterBlock(acrel, block), { ok: true, value: { totalE4: 100n, touE4: [0n, 0n, 0n, 0n] } })
})

t.test('honours word order, width and counters that the meter does not have', async (t) => {
  const map: EnergyMap = {
    function: 4,
    type: 'uint64',
    wordOrder: 'low_first',
    countE4: 1,
    total: 20,
    tou: [null, 28, null, null],
  }
  t.strictSame(readRequestOf(map), { function: 4, start: 20, count: 12 })
  const registers = { totalE4: 0x0001_0002_0003_0004n, touE4: [null, 5n, null, null] } as const
  const block = encodeRegisterBlock(map, registers)
  t.equal(block.toString('hex'), '000400030002000100000000000000000005000000000000')
  t.strictSame(decodeRegisterBlock(map, block), { ok: true, value: registers })
})

t.test('a block of another length is length_mismatch', async (t) => {
  t.strictSame(decodeRegisterBlock(acrel, Buffer.alloc(18)), { ok: false, error: { kind: 'length_mismatch' } })
})

t.test('a proof carries the map of the ADL3000-E as it always did', async (t) => {
  t.equal(
    JSON.stringify(acrel),
    '{"function":3,"type":"uint32","wordOrder":"high_first","countE4":100,"total":10,"tou":[12,14,16,18]}',
  )
})

t.test('an unknown model is null', async (t) => {
  t.equal(findMeterModel('no such model'), null)
})

const billed: readonly (readonly [name: string, map: object | null])[] = [
  ['acrel-adl3000-e', { total: 10, tou: [12, 14, 16, 18] }],
  ['abb-b23', { type: 'uint64', countE4: 100, total: 0x5000, tou: [null, null, null, null] }],
  // Its tariff registers are floats of another request: they do not belong to the moment of the total.
  ['schneider-iem3155', { type: 'uint64', countE4: 10, total: 3203, tou: [null, null, null, null] }],
  ['eastron-sdm630', null],
  ['carlo-gavazzi-em24-av2', null],
]

for (const [name, map] of billed) {
  t.test(
    `${name} is ${map === null ? 'never billed: no unsigned integers' : `billed from ${JSON.stringify(map)}`}`,
    async (t) => {
      const found = findMeterModel(name)
      if (found === null) throw new Error('the model does not ship')
      t.match(energyMapFrom(found, 'forward_active_energy'), map)
      t.equal(sideOf(found, 'forward_active_energy'), 'secondary')
      t.equal(energyMapFrom({ ...found, registers: [] }, 'forward_active_energy'), null)
    },
  )
}
