import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { findMeterModel, meterModels } from '../../../protocols/modbus/meter-models.js'
import { parseMeterModel } from '../../../protocols/modbus/meter-model.js'
import { decodeRegister } from '../../../protocols/modbus/register-value.js'
import { checkoutRoot } from '../../architecture/source-files.js'

const folder = join(checkoutRoot, 'protocols', 'modbus', 'models')
const files = readdirSync(folder)

t.test('every model file ships, and names a public source', async (t) => {
  t.ok(files.length >= 7, `${files.length} files`)
  t.same(
    files.map((file) => basename(file, '.json')),
    [...meterModels.keys()].toSorted(),
  )
  for (const { model, source } of meterModels.values()) t.match(source, /https:\/\//, model)
})

/** What the registers of a model mean, one value of each form that it uses. */
const examples: readonly (readonly [model: string, register: string, hex: string, value: string, grade: boolean])[] = [
  ['abb-b23', 'forward_active_energy_total', '000000000012d687', '12345.67', true],
  ['abb-b23', 'active_power_total', 'ffffff9c', '-1.00', true],
  ['abb-b23', 'frequency', '1388', '50.00', true],
  ['acrel-adl3000-e', 'forward_active_energy_total', '0012d687', '12345.67', true],
  ['carlo-gavazzi-em24-av2', 'forward_active_energy_total', 'e2400001', '12345.6', true],
  ['chint-dtsu666', 'forward_active_energy_total', '4640e6b7', '12345.68', true],
  ['chint-dtsu666', 'voltage_a', '45104000', '230.8', true],
  ['eastron-sdm630', 'forward_active_energy_total', '4640e6b8', '12345.68', true],
  ['eastron-sdm72d-m', 'forward_active_energy_total', '4996b43f', '1234567.88', false],
  ['schneider-iem3155', 'forward_active_energy_total', '0000000000bc614e', '12345.678', true],
  // 12 345 678 Wh: floats of this size lie 1 Wh apart, as fine as the three decimals that are declared.
  ['schneider-iem3155', 'forward_active_energy_rate_a', '4b3c614e', '12345.678', true],
]

for (const [name, registerName, hex, value, grade] of examples) {
  t.test(`${hex} in ${registerName} of ${name} is ${value}${grade ? '' : ', not of billing grade'}`, async (t) => {
    const register = findMeterModel(name)?.registers.find((one) => one.name === registerName)
    if (register === undefined) throw new Error('no such register')
    t.match(decodeRegister(register, Buffer.from(hex, 'hex')), { ok: true, value: { value, billingGrade: grade } })
  })
}

t.test('every model has an example', async (t) => {
  t.same([...new Set(examples.map(([name]) => name))].toSorted(), [...meterModels.keys()].toSorted())
})

const sound = readFileSync(join(folder, 'acrel-adl3000-e.json'), 'utf8')
const changed = (from: string, to: string) => sound.replace(from, to)

const broken: readonly (readonly [what: string, text: string, path: string, reason: RegExp])[] = [
  ['no JSON', '{', '(top level)', /JSON/],
  ['another shape', '[]', '(top level)', /object/],
  ['a misspelt field', changed('"unit": "kWh"', '"units": "kWh"'), 'registers.0.unit', /./],
  ['a side that is neither', changed('"side": "secondary"', '"side": "both"'), 'registers.0.side', /secondary/],
  ['an address that no wire carries', changed('"address": 10,', '"address": 65536,'), 'registers.0.address', /65535/],
  ['a value beyond the last register', changed('"address": 10,', '"address": 65535,'), 'registers.0.address', /beyond/],
  [
    'a multiplier that is a number',
    changed('"multiplier": "0.01"', '"multiplier": 0.01'),
    'registers.0.multiplier',
    /string/,
  ],
  [
    'a multiplier with an exponent',
    changed('"multiplier": "0.01"', '"multiplier": "1e-2"'),
    'registers.0.multiplier',
    /decimal/,
  ],
  ['a float without rounding', changed('"type": "uint32"', '"type": "float32"'), 'registers.0.rounding', /rounding/],
  ['the unit of another quantity', changed('"unit": "kWh"', '"unit": "Wh"'), 'registers.0.unit', /expected kWh/],
  [
    'one name twice',
    changed('forward_active_energy_spike', 'forward_active_energy_total'),
    'registers.1.name',
    /twice/,
  ],
  [
    'one reading type twice',
    changed('"register": "tou1"', '"register": "total"'),
    'registers.1.readingType',
    /another register/,
  ],
  [
    'a register that must not be read',
    changed('"maxGap": 0', '"maxGap": 0, "forbidden": [{ "function": 3, "from": 0, "to": 10 }]'),
    'registers.0.address',
    /must not be read/,
  ],
]

for (const [what, text, path, reason] of broken) {
  t.test(`a model file with ${what} is refused at ${path}`, async (t) => {
    const parsed = parseMeterModel(text, 'models/own.json')
    t.match(parsed, { ok: false, error: { kind: 'invalid_meter_model', file: 'models/own.json', path, reason } })
  })
}
