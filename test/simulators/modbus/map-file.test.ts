import fc from 'fast-check'
import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { parseMeterModel } from '../../../protocols/modbus/meter-model.js'
import { answerPdu } from '../../../simulators/modbus/answer-pdu.js'
import { devicesOf } from '../../../simulators/modbus/map-devices.js'
import { parseModbusMap } from '../../../simulators/modbus/map-file.js'

const startedAt = Date.parse('2026-07-01T00:00:00+08:00')
const context = {
  file: 'map.yaml',
  readModel: (path: string) => parseMeterModel('{ "model": "x" }', path),
  startedAt,
}

function build(text: string) {
  const map = parseModbusMap(text, 'map.yaml')
  return map.ok ? devicesOf(map.value, context) : map
}

function registersAt(text: string, unit: number, pdu: string, now: number): string {
  const devices = build(text)
  const device = devices.ok ? devices.value.get(unit) : undefined
  if (device === undefined) throw new Error(JSON.stringify(devices))
  return answerPdu(device, Buffer.from(pdu, 'hex'), now).toString('hex')
}

const head = 'listen: [{ tcp: { port: 0 } }]\ndevices:\n'
const counting = `${head}  - units: [1]
    model: acrel-adl3000-e
    values: { forward_active_energy_peak: "0.07" }
    counting:
      forward_active_energy_total: { start: "999999.98", perHour: "0.04" }
      forward_active_energy_spike: { start: "0", perHour: "1", since: "2026-06-30T00:00:00+08:00" }
`

const moments: readonly (readonly [hours: number, total: string])[] = [
  [0, '05f5e0fe'],
  // 0.01 kWh takes a quarter of an hour; before that nothing is seen.
  [0.2499, '05f5e0fe'],
  [0.25, '05f5e0ff'],
  [0.5, '00000000'],
  [1, '00000002'],
]

for (const [hours, total] of moments) {
  t.test(`after ${hours} h a register that began at 999999.98 and counts 0.04 an hour shows ${total}`, async (t) => {
    t.equal(registersAt(counting, 1, '03000a0002', startedAt + hours * hourMs), `0304${total}`)
  })
}

t.test('a register counts from the date that it is given, one without a value shows zero', async (t) => {
  t.equal(registersAt(counting, 1, '03000c0006', startedAt), '030c00000960000000070000 0000'.replace(' ', ''))
})

t.test('what a read plan reads along is there', async (t) => {
  const text = `${head}  - { units: [1], model: eastron-sdm630, values: { frequency: "50.00" } }\n`
  t.equal(registersAt(text, 1, '0400460002', startedAt), '040442480000')
  t.equal(registersAt(text, 1, '0400460003', startedAt).slice(0, 4), '0406')
  t.equal(registersAt(text, 1, '0400500001', startedAt), '8402')
})

t.test('every unit has a memory of its own', async (t) => {
  const devices = build(`${head}  - { units: [1, 2], holding: [{ address: 0, values: [1] }] }\n`)
  if (!devices.ok) throw new Error('not built')
  const [one, two] = [devices.value.get(1), devices.value.get(2)]
  if (one === undefined || two === undefined) throw new Error('not there')
  answerPdu(one, Buffer.from('0600000009', 'hex'), 0)
  t.equal(answerPdu(two, Buffer.from('0300000001', 'hex'), 0).toString('hex'), '03020001')
})

const device = (more: string) => `${head}  - { units: [1], ${more} }\n`
const broken: readonly (readonly [what: string, text: string, path: string, reason: RegExp])[] = [
  ['nothing', '', '(top level)', /object/],
  ['no YAML', 'listen: [', 'YAML', /./],
  [
    'aliases without end',
    `a: &a [x]\n${Array.from({ length: 9 }, (_, n) => `${'bcdefghij'[n]}: &${'bcdefghij'[n]} [${`*${'abcdefghi'[n]},`.repeat(9)}]`).join('\n')}`,
    '(top level)',
    /alias|Unrecognized|expected/i,
  ],
  ['nowhere to listen', 'listen: []\ndevices: [{ units: [1] }]', 'listen', /./],
  [
    'two ways in one',
    'listen: [{ tcp: { port: 0 }, rtuTcp: { port: 0 } }]\ndevices: [{ units: [1] }]',
    'listen.0',
    /exactly one/,
  ],
  [
    'a port that is none',
    'listen: [{ tcp: { port: 70000 } }]\ndevices: [{ units: [1] }]',
    'listen.0.tcp.port',
    /65535/,
  ],
  ['a misspelt key', device('modle: acrel-adl3000-e'), 'devices.0', /modle/],
  ['a unit twice', `${head}  - { units: [1] }\n  - { units: [2, 1] }\n`, 'devices.1.units.1', /twice/],
  ['a broadcast unit', `${head}  - { units: [0] }\n`, 'devices.0.units.0', /./],
  ['a model that nobody knows', device('model: none'), 'devices.0.model', /no model none/],
  ['two models', device('model: acrel-adl3000-e, modelFile: x.json'), 'devices.0', /at most one/],
  [
    'a value that is a number',
    device('model: acrel-adl3000-e, values: { forward_active_energy_total: 1.5 }'),
    'devices.0.values.forward_active_energy_total',
    /文本 text/,
  ],
  [
    'a value too fine',
    device('model: acrel-adl3000-e, values: { forward_active_energy_total: "1.234" }'),
    'devices.0.values.forward_active_energy_total',
    /2 decimals/,
  ],
  [
    'a value too large',
    device('model: acrel-adl3000-e, values: { forward_active_energy_total: "42949672.96" }'),
    'devices.0.values.forward_active_energy_total',
    /does not fit uint32/,
  ],
  [
    'a register that is not there',
    device('model: acrel-adl3000-e, values: { power: "1" }'),
    'devices.0.values.power',
    /no such register/,
  ],
  [
    'a counter beyond its end',
    device(
      'model: acrel-adl3000-e, counting: { forward_active_energy_total: { start: "10", perHour: "1", wrapAt: "10" } }',
    ),
    'devices.0.counting.forward_active_energy_total',
    /at or beyond/,
  ],
  [
    'a counter that outgrows its register',
    device(
      'model: acrel-adl3000-e, counting: { forward_active_energy_total: { start: "0", perHour: "1", wrapAt: "100000000" } }',
    ),
    'devices.0.counting.forward_active_energy_total',
    /wrapAt: does not fit/,
  ],
  [
    'a register beyond the last',
    device('holding: [{ address: 65535, values: [1, 2] }]'),
    'devices.0.holding',
    /beyond 65535/,
  ],
  ['a function that is not simulated', device('functions: [43]'), 'devices.0.functions.0', /./],
]

for (const [what, text, path, reason] of broken) {
  t.test(`a map with ${what} is refused at ${path}`, async (t) => {
    t.match(build(text), { ok: false, error: { kind: 'invalid_modbus_map', file: 'map.yaml', path, reason } })
  })
}

t.test('a broken model file is named itself', async (t) => {
  t.match(build(device('modelFile: own.json')), {
    ok: false,
    error: { kind: 'invalid_meter_model', file: 'own.json', path: 'source' },
  })
})

t.test('any text is a map or a named error', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const built = build(text)
      return built.ok || (built.error.path.length > 0 && built.error.reason.length > 0)
    }),
    { seed: 1, numRuns: 500 },
  )
})
