import fc from 'fast-check'
import t from 'tap'
import type { MeterRegister } from '../../../protocols/modbus/meter-model.js'
import { decodeRegister, encodeRegister } from '../../../protocols/modbus/register-value.js'

function register(more: Partial<MeterRegister>): MeterRegister {
  return {
    name: 'energy',
    function: 3,
    address: 0,
    type: 'uint32',
    wordOrder: 'high_first',
    byteOrder: 'high_first',
    multiplier: '0.01',
    decimals: 2,
    unit: 'kWh',
    side: 'secondary',
    ...more,
  }
}

const float = { type: 'float32', multiplier: '1', rounding: 'half_up' } as const
const exactValue = (value: string) => ({
  ok: true,
  value: { value, exact: value.replace(/\.?0+$/, ''), rounded: false, billingGrade: true },
})
const failed = (error: object) => ({ ok: false, error })

const cases: readonly (readonly [what: Partial<MeterRegister>, hex: string, outcome: object])[] = [
  [{ type: 'uint16', multiplier: '0.1', decimals: 1 }, '08fc', exactValue('230.0')],
  [{ type: 'int16', multiplier: '1', decimals: 0 }, 'ffff', exactValue('-1')],
  [{}, 'ffffffff', exactValue('42949672.95')],
  [{ wordOrder: 'low_first' }, '00010000', exactValue('0.01')],
  [{ byteOrder: 'low_first' }, '00000100', exactValue('0.01')],
  [{ wordOrder: 'low_first', byteOrder: 'low_first' }, '01000000', exactValue('0.01')],
  [{ type: 'int32' }, 'fffffc18', exactValue('-10.00')],
  [{ type: 'uint64' }, 'ffffffffffffffff', exactValue('184467440737095516.15')],
  [{ type: 'int64', multiplier: '1', decimals: 0 }, '8000000000000000', exactValue('-9223372036854775808')],
  [{ type: 'bcd16', multiplier: '1', decimals: 0 }, '0042', exactValue('42')],
  [{ type: 'bcd32' }, '12345678', exactValue('123456.78')],
  [{ type: 'bcd32' }, '1234567a', failed({ kind: 'digits_invalid', hex: '1234567A' })],
  [{}, '0000', failed({ kind: 'length_mismatch', expected: 4, actual: 2 })],
  [{ multiplier: '0.001' }, '000004d2', failed({ kind: 'precision_exceeded', exact: '1.234' })],
  [
    { multiplier: '0.001', rounding: 'half_up' },
    '000004d3',
    { ok: true, value: { value: '1.24', exact: '1.235', rounded: true, billingGrade: true } },
  ],
  [
    { type: 'int32', multiplier: '0.001', rounding: 'half_up' },
    'fffffb2d',
    { ok: true, value: { value: '-1.24', exact: '-1.235', rounded: true, billingGrade: true } },
  ],
  [
    float,
    '42f6e979',
    {
      ok: true,
      value: { value: '123.46', exact: '123.45600128173828125', rounded: true, billingGrade: true },
    },
  ],
  [float, '3fc00000', { ok: true, value: { value: '1.50', exact: '1.5', rounded: false, billingGrade: true } }],
  // 131 071.9921875: the next float is 1/128 kWh away, less than a cent of a kWh.
  [
    float,
    '47ffffff',
    {
      ok: true,
      value: { value: '131071.99', exact: '131071.9921875', rounded: true, billingGrade: true },
    },
  ],
  // One step further floats lie 1/64 kWh apart, more than 0.01 kWh.
  [
    float,
    '48000000',
    { ok: true, value: { value: '131072.00', exact: '131072', rounded: false, billingGrade: false } },
  ],
  [float, '80000000', { ok: true, value: { value: '0.00', exact: '0', rounded: false, billingGrade: true } }],
  [float, '7fc00000', failed({ kind: 'not_a_number' })],
  [float, 'ff800000', failed({ kind: 'not_a_number' })],
  [float, '00000001', { ok: true, value: { value: '0.00', rounded: true, billingGrade: true } }],
]

for (const [what, hex, outcome] of cases) {
  t.test(`${hex} as ${JSON.stringify(what)} is ${JSON.stringify(outcome)}`, async (t) => {
    t.match(decodeRegister(register(what), Buffer.from(hex, 'hex')), outcome)
  })
}

const refused: readonly (readonly [what: Partial<MeterRegister>, text: string, kind: string])[] = [
  [{}, '1e3', 'not_a_decimal'],
  [{}, '1.234', 'precision_exceeded'],
  [{}, '-0.01', 'value_out_of_range'],
  [{}, '42949672.96', 'value_out_of_range'],
  [{ type: 'int16', multiplier: '1', decimals: 0 }, '32768', 'value_out_of_range'],
  [{ type: 'bcd16', multiplier: '1', decimals: 0 }, '10000', 'value_out_of_range'],
  [float, '9'.repeat(60), 'value_out_of_range'],
]

for (const [what, text, kind] of refused) {
  t.test(`${text} does not fit ${JSON.stringify(what)}: ${kind}`, async (t) => {
    t.match(encodeRegister(register(what), text), { ok: false, error: { kind } })
  })
}

const types = ['uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64'] as const
const order = fc.constantFrom('high_first' as const, 'low_first' as const)

t.test('encoding takes back every integer and every finite float, in any order of words and bytes', async () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(fc.constantFrom(...types), order, order, bytes, (type, wordOrder, byteOrder, content) => {
      const one = register({ type, wordOrder, byteOrder })
      const raw = Buffer.from(content.subarray(0, Number(type.replace(/\D+/, '')) / 8))
      const decoded = decodeRegister(one, raw)
      const encoded = decoded.ok ? encodeRegister(one, decoded.value.value) : decoded
      return encoded.ok && encoded.value.equals(raw)
    }),
    { seed: 1, numRuns: 500 },
  )
  fc.assert(
    fc.property(order, bytes, (wordOrder, content) => {
      const one = register({ ...float, wordOrder, decimals: 9 })
      const raw = Buffer.from(content.subarray(0, 4))
      const decoded = decodeRegister(one, raw)
      if (!decoded.ok) return decoded.error.kind === 'not_a_number'
      if (decoded.value.rounded || raw.readUInt32BE(0) === 0x8000_0000 || decoded.value.exact === '0') return true
      const encoded = encodeRegister(one, decoded.value.exact)
      return encoded.ok && encoded.value.equals(raw)
    }),
    { seed: 2, numRuns: 2000 },
  )
})

t.test('a float is exactly what the language says it is', async () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1_000_000 }), (value) => {
      const raw = Buffer.alloc(4)
      raw.writeFloatBE(value)
      const decoded = decodeRegister(register({ ...float, decimals: 9 }), raw)
      return decoded.ok && Number(decoded.value.exact) === value
    }),
    { seed: 3, numRuns: 1000 },
  )
})
