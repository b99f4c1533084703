import fc from 'fast-check'
import t from 'tap'
import { findMeterModel } from '../../../protocols/modbus/meter-models.js'
import {
  lastAddressOf,
  type MeterRegister,
  type ReadLimits,
  registerWidths,
} from '../../../protocols/modbus/meter-model.js'
import { bytesOf, planReads } from '../../../protocols/modbus/read-plan.js'

const limits: ReadLimits = { maxRegisters: 20, maxGap: 4 }

function at(address: number, type: MeterRegister['type'] = 'uint32', code: 3 | 4 = 3): MeterRegister {
  return {
    name: `${type}_${code}_${address}`,
    function: code,
    address,
    type,
    wordOrder: 'high_first',
    byteOrder: 'high_first',
    multiplier: '1',
    decimals: 0,
    unit: 'kWh',
    side: 'secondary',
  }
}

const requestsOf = (wanted: readonly MeterRegister[], bounds: ReadLimits = limits) =>
  planReads(wanted, bounds).map(({ request }) => `${request.function}:${request.start}+${request.count}`)

const cases: readonly (readonly [what: string, wanted: readonly MeterRegister[], requests: readonly string[]])[] = [
  ['nothing', [], []],
  ['neighbours become one request', [at(2), at(0)], ['3:0+4']],
  ['a gap within the limit is read along', [at(0), at(6)], ['3:0+8']],
  ['a gap beyond it is not', [at(0), at(7)], ['3:0+2', '3:7+2']],
  ['functions are never mixed', [at(0), at(2, 'uint32', 4)], ['3:0+2', '4:2+2']],
  [
    'a value is never split',
    [at(0, 'uint64'), at(4, 'uint64'), at(8, 'uint64'), at(12, 'uint64'), at(16, 'uint64'), at(20, 'uint64')],
    ['3:0+20', '3:20+4'],
  ],
  ['overlapping values share a request', [at(0, 'uint64'), at(2), at(1, 'uint16')], ['3:0+4']],
]

for (const [what, wanted, requests] of cases) {
  t.test(`${what}: ${requests.join(' ') || 'no request'}`, async (t) => {
    t.same(requestsOf(wanted), requests)
  })
}

t.test('a request never covers a forbidden register, even inside a short gap', async (t) => {
  const forbidden = [{ function: 3 as const, from: 2, to: 2 }]
  t.same(requestsOf([at(0), at(3)], { ...limits, forbidden }), ['3:0+2', '3:3+2'])
  t.same(requestsOf([at(0), at(3)], { ...limits, forbidden: [{ ...forbidden[0]!, function: 4 }] }), ['3:0+5'])
})

t.test('the SDM630 is read in three requests of at most 60 registers', async (t) => {
  const model = findMeterModel('eastron-sdm630')
  if (model === null) throw new Error('the model does not ship')
  t.same(requestsOf(model.registers, model.limits), ['4:0+12', '4:52+2', '4:70+10'])
})

const anyRegister = fc
  .record({
    address: fc.nat(200),
    type: fc.constantFrom(...(Object.keys(registerWidths) as MeterRegister['type'][])),
    code: fc.constantFrom(3 as const, 4 as const),
  })
  .map(({ address, type, code }) => at(address, type, code))
const anyLimits = fc.record({ maxRegisters: fc.integer({ min: 4, max: 125 }), maxGap: fc.nat(30) })

t.test('every wanted value lies whole in exactly one request, and every request keeps the limits', async () => {
  fc.assert(
    fc.property(fc.array(anyRegister, { maxLength: 40 }), anyLimits, fc.nat(200), (wanted, bounds, from) => {
      const span = { function: 3 as const, from, to: from + 3 }
      const allowed = wanted.filter((one) => one.function !== 3 || lastAddressOf(one) < from || one.address > from + 3)
      const reads = planReads(allowed, { ...bounds, forbidden: [span] })
      const planned = reads.flatMap(({ registers }) => registers)
      return (
        planned.length === allowed.length &&
        allowed.every((one) => planned.includes(one)) &&
        reads.every(({ request, registers }) => {
          const end = request.start + request.count
          const touches = request.function === 3 && span.from < end && request.start <= span.to
          return (
            request.count <= bounds.maxRegisters &&
            !touches &&
            registers.every(
              (one) => one.function === request.function && one.address >= request.start && lastAddressOf(one) < end,
            )
          )
        })
      )
    }),
    { seed: 1, numRuns: 1000 },
  )
})

t.test('each value finds its own bytes in the reply', async () => {
  fc.assert(
    fc.property(fc.array(anyRegister, { minLength: 1, maxLength: 20 }), anyLimits, (wanted, bounds) =>
      planReads(wanted, bounds).every((read) => {
        const block = Buffer.alloc(2 * read.request.count)
        for (let nth = 0; nth < read.request.count; nth += 1) block.writeUInt16BE(read.request.start + nth, 2 * nth)
        return read.registers.every((one) => {
          const bytes = bytesOf(read, one, block)
          return bytes.length === 2 * registerWidths[one.type] && bytes.readUInt16BE(0) === one.address
        })
      }),
    ),
    { seed: 2, numRuns: 300 },
  )
})
