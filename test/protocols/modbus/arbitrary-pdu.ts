import fc from 'fast-check'
import type { ModbusReply } from '../../../protocols/modbus/reply-pdu.js'
import type { ModbusRequest } from '../../../protocols/modbus/request-pdu.js'

const word = fc.nat(0xffff)
const registers = (most: number) =>
  fc.uint8Array({ minLength: 1, maxLength: most }).map((half) => Buffer.concat([half, half]))
const low = fc.nat(0xf000)

/** Any request that the specification allows. */
export const anyRequest: fc.Arbitrary<ModbusRequest> = fc.oneof(
  fc.record({ function: fc.constantFrom(1, 2), address: low, count: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({ function: fc.constantFrom(3, 4), address: low, count: fc.integer({ min: 1, max: 125 }) }),
  fc.record({ function: fc.constant(5), address: word, on: fc.boolean() }),
  fc.record({ function: fc.constant(6), address: word, value: word }),
  fc
    .integer({ min: 1, max: 1968 })
    .map((count) => ({ function: 15 as const, address: 7, count, bits: Buffer.alloc(Math.ceil(count / 8), 0x5a) })),
  fc.record({ function: fc.constant(16), address: low, registers: registers(123) }),
  fc.record({ function: fc.constant(22), address: word, andMask: word, orMask: word }),
  fc.record({
    function: fc.constant(23),
    address: low,
    count: fc.integer({ min: 1, max: 125 }),
    writeAddress: low,
    registers: registers(121),
  }),
) as fc.Arbitrary<ModbusRequest>

/** Any reply that the specification allows. */
export const anyReply: fc.Arbitrary<ModbusReply> = fc.oneof(
  fc.record({
    function: fc.constantFrom(1, 2),
    bits: fc.uint8Array({ minLength: 1, maxLength: 250 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ function: fc.constantFrom(3, 4, 23), registers: registers(125) }),
  fc.record({ function: fc.constant(5), address: word, on: fc.boolean() }),
  fc.record({ function: fc.constant(6), address: word, value: word }),
  fc.record({ function: fc.constantFrom(15, 16), address: word, count: word }),
  fc.record({ function: fc.constant(22), address: word, andMask: word, orMask: word }),
  fc.record({ function: fc.constant('exception'), to: fc.nat(0x7f), code: fc.nat(0xff) }),
) as fc.Arbitrary<ModbusReply>

export const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
