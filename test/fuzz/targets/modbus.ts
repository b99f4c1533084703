import { invariant } from '../../../domain/result.js'
import { inspectModbus, type ModbusTransport } from '../../../protocols/modbus/inspect-modbus.js'
import { decodeReplyPdu, encodeReplyPdu } from '../../../protocols/modbus/reply-pdu.js'
import { decodeRequestPdu, encodeRequestPdu } from '../../../protocols/modbus/request-pdu.js'
import { encodeRtuAdu, maxRtuBytes, type RtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../../protocols/modbus/rtu-splitter.js'
import { encodeTcpAdu, takeTcpAdu } from '../../../protocols/modbus/tcp-adu.js'
import { createFuzzRandom, hashOf } from '../fuzz-random.js'

const random = createFuzzRandom()
const leastBytes = { tcp: 8, rtu: 4 } as const
const maxPduBytes = 253

/** A function with its own bytes, as a request and as a reply. */
export function checkPdu(input: Buffer): void {
  const pdu = input.subarray(0, maxPduBytes)
  const request = decodeRequestPdu(pdu)
  if (request.ok) invariant(encodeRequestPdu(request.value).equals(pdu), 'a request that was read is written alike')
  const reply = decodeReplyPdu(pdu)
  if (reply.ok) invariant(encodeReplyPdu(reply.value).equals(pdu), 'a reply that was read is written alike')
}

export function checkModbusTcp(input: Buffer): void {
  checkInspection(input, 'tcp')
  let rest = input
  for (;;) {
    const taken = takeTcpAdu(rest)
    if (!taken.ok || taken.value === null) return
    const length = rest.length - taken.value.rest.length
    invariant(
      encodeTcpAdu(taken.value.adu).equals(rest.subarray(0, length)),
      'a message that was read is written alike',
    )
    rest = taken.value.rest
  }
}

export function checkModbusRtu(input: Buffer): void {
  checkInspection(input, 'rtu')
}

function checkInspection(input: Buffer, transport: ModbusTransport): void {
  const { adus, errors } = inspectModbus(input, transport)
  invariant(adus.length <= input.length / leastBytes[transport], 'no more messages than bytes for them')
  invariant(errors.length <= input.length + 1, 'no more errors than bytes')
  let end = 0
  for (const { offset, hex } of adus) {
    invariant(offset >= end, 'messages follow each other')
    end = offset + hex.length / 2
    invariant(input.toString('hex', offset, end).toUpperCase() === hex, 'the message is a part of the input')
  }
  for (const { offset } of errors) invariant(offset >= 0 && offset <= input.length, 'an error stands in the input')
}

/** A serial line, both directions: the same messages however it is cut, and every byte accounted for. */
export function checkRtuSplitter(input: Buffer): void {
  random.reseed(hashOf(input), 1)
  const direction = random.pick(['request', 'reply'] as const)
  const whole = createRtuSplitter(direction)
  const found = [...whole.push(input), ...whole.timeout()]
  invariant(bytesOf(found) + whole.discardedBytes() === input.length, 'every byte is accounted for')

  const cut = createRtuSplitter(direction)
  const again: RtuAdu[] = []
  const most = random.pick([1, 8, 60, 300])
  let againBytes = 0
  for (let at = 0; at < input.length; ) {
    const end = Math.min(input.length, at + 1 + random.below(most))
    const more = cut.push(input.subarray(at, end))
    again.push(...more)
    againBytes += bytesOf(more)
    at = end
    invariant(at - againBytes - cut.discardedBytes() < 2 * maxRtuBytes, 'fewer bytes wait than two messages have')
  }
  again.push(...cut.timeout())
  invariant(again.length === found.length, `cut: ${again.length} messages, whole: ${found.length}`)
  for (const [index, adu] of again.entries()) {
    const other = found[index]
    invariant(other !== undefined && encodeRtuAdu(adu).equals(encodeRtuAdu(other)), `message ${index} differs when cut`)
  }
  invariant(cut.discardedBytes() === whole.discardedBytes(), 'as many bytes are discarded when the stream is cut')
}

function bytesOf(adus: readonly RtuAdu[]): number {
  let bytes = 0
  for (const { pdu } of adus) bytes += pdu.length + 3
  return bytes
}
