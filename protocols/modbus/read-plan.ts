import { invariant } from '../../domain/result.js'
import { lastAddressOf, type MeterRegister, type ReadLimits, registerWidths } from './meter-model.js'
import type { ReadRegistersRequest } from './request-pdu.js'

/** One request and the registers that its reply will hold. */
export interface PlannedRead {
  readonly request: ReadRegistersRequest
  readonly registers: readonly MeterRegister[]
}

/**
 * The fewest requests, in order of function and address, that read all wanted registers within the limits of the device.
 * A value is never split over two requests, and no request touches a forbidden register.
 */
export function planReads(wanted: readonly MeterRegister[], limits: ReadLimits): readonly PlannedRead[] {
  const sorted = wanted.toSorted(
    (left, right) =>
      left.function - right.function ||
      left.address - right.address ||
      registerWidths[left.type] - registerWidths[right.type] ||
      (left.name < right.name ? -1 : 1),
  )
  const reads: PlannedRead[] = []
  for (const register of sorted) {
    invariant(registerWidths[register.type] <= limits.maxRegisters, 'one request holds any value')
    const last = reads.at(-1)
    const joined = last === undefined ? null : joinedRead(last, register, limits)
    if (joined === null) reads.push(readAlone(register))
    else reads[reads.length - 1] = joined
  }
  return reads
}

/** Bytes of one register in the reply to the request that reads it. */
export function bytesOf(read: PlannedRead, register: MeterRegister, block: Buffer): Buffer {
  const offset = 2 * (register.address - read.request.start)
  return block.subarray(offset, offset + 2 * registerWidths[register.type])
}

function readAlone(register: MeterRegister): PlannedRead {
  const { function: code, address, type } = register
  return { request: { function: code, start: address, count: registerWidths[type] }, registers: [register] }
}

function joinedRead(
  { request, registers }: PlannedRead,
  register: MeterRegister,
  limits: ReadLimits,
): PlannedRead | null {
  const end = request.start + request.count
  const newEnd = Math.max(end, lastAddressOf(register) + 1)
  const count = newEnd - request.start
  const fits =
    register.function === request.function &&
    register.address - end <= limits.maxGap &&
    count <= limits.maxRegisters &&
    !gapIsForbidden(limits, register.function, end, register.address)
  return fits ? { request: { ...request, count }, registers: [...registers, register] } : null
}

function gapIsForbidden({ forbidden = [] }: ReadLimits, code: number, from: number, to: number): boolean {
  return forbidden.some((span) => span.function === code && span.from < to && from <= span.to)
}
