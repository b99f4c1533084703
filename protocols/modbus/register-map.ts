import type { Quantity } from '../../domain/quantities.js'
import type { RegisterSet } from '../../domain/reading.js'
import { err, invariant, ok, type Result } from '../../domain/result.js'
import { atDecimals, parseExact } from './exact-decimal.js'
import {
  lastAddressOf,
  type MeterModel,
  type MeterRegister,
  type RegisterSide,
  tariffRegisters,
} from './meter-model.js'
import { maxRegistersPerRead } from './pdu-limits.js'
import type { ReadFunction, ReadRegistersRequest } from './request-pdu.js'

const widths = { uint32: 2, uint64: 4 } as const
const maxValue = { uint32: 0xffff_ffffn, uint64: 0xffff_ffff_ffff_ffffn } as const
/** Decimals of the scale of stored energies. */
const energyDecimals = 4

/**
 * Where a meter keeps the registers of one quantity that are billed, in the form in which a proof carries it: unsigned counters
 * of one width, read in one request.
 */
export interface EnergyMap {
  readonly function: ReadFunction
  readonly type: keyof typeof widths
  readonly wordOrder: MeterRegister['wordOrder']
  /** Energy of one count at scale e4: 100 where a count is 0.01 kWh. */
  readonly countE4: number
  readonly total: number
  /** tou1…tou4 in the meter's own numbering; null where the meter has no such register within the same request. */
  readonly tou: readonly [number | null, number | null, number | null, number | null]
}

export type RegisterMapError = { readonly kind: 'length_mismatch' }

/**
 * The registers of a quantity as they are billed. Tariff registers that do not share form and request with the total are left
 * out, because they would belong to another moment.
 * @returns null when the model does not count the quantity in unsigned integers: floats and signed counters are not billed.
 */
export function energyMapFrom({ registers, limits }: MeterModel, quantity: Quantity): EnergyMap | null {
  const [total, ...tou] = tariffRegisters.map((name) =>
    registers.find(({ readingType }) => readingType?.quantity === quantity && readingType.register === name),
  )
  if (total === undefined) return null
  const { type, function: code, wordOrder } = total
  const countE4 = countE4Of(total)
  if ((type !== 'uint32' && type !== 'uint64') || total.byteOrder !== 'high_first' || countE4 === null) return null
  const kept = tou.map((one) => (one !== undefined && isLike(one, total) ? one : null))
  const all = [total, ...kept.filter((one) => one !== null)]
  const first = Math.min(...all.map(({ address }) => address))
  const fits = Math.max(...all.map(lastAddressOf)) - first < limits.maxRegisters
  const [tou1, tou2, tou3, tou4] = kept.map((one) => (fits ? (one?.address ?? null) : null))
  return {
    function: code,
    type,
    wordOrder,
    countE4,
    total: total.address,
    tou: [tou1 ?? null, tou2 ?? null, tou3 ?? null, tou4 ?? null],
  }
}

/** On which side of the transformers the total of a quantity counts; null for a quantity that the model does not count. */
export function sideOf({ registers }: MeterModel, quantity: Quantity): RegisterSide | null {
  const total = registers.find(
    ({ readingType }) => readingType?.quantity === quantity && readingType.register === 'total',
  )
  return total?.side ?? null
}

/** Same form and scale as the total, so that one map describes both. */
function isLike(one: MeterRegister, total: MeterRegister): boolean {
  return (
    one.function === total.function &&
    one.type === total.type &&
    one.wordOrder === total.wordOrder &&
    one.byteOrder === total.byteOrder &&
    one.multiplier === total.multiplier &&
    one.side === total.side
  )
}

function countE4Of({ multiplier }: MeterRegister): number | null {
  const exact = parseExact(multiplier)
  const countE4 = exact === null ? null : atDecimals(exact, energyDecimals)
  return countE4 === null || countE4 > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(countE4)
}

/** The one request that reads all registers of a quantity, so that they belong to one moment. */
export function readRequestOf(map: EnergyMap): ReadRegistersRequest {
  const addresses = addressesOf(map)
  const start = Math.min(...addresses)
  const count = Math.max(...addresses) + widths[map.type] - start
  invariant(count <= maxRegistersPerRead, 'one request reads all registers of a quantity')
  return { function: map.function, start, count }
}

/** Exact registers of the block that `readRequestOf` asks for: kWh or kvarh e4, before the multiplier. */
export function decodeRegisterBlock(map: EnergyMap, block: Buffer): Result<RegisterSet, RegisterMapError> {
  const { start, count } = readRequestOf(map)
  if (block.length !== 2 * count) return err({ kind: 'length_mismatch' })
  const read = (at: number) => readCounter(map, block, 2 * (at - start)) * BigInt(map.countE4)
  const [tou1, tou2, tou3, tou4] = map.tou
  const readIfKept = (at: number | null) => (at === null ? null : read(at))
  return ok({
    totalE4: read(map.total),
    touE4: [readIfKept(tou1), readIfKept(tou2), readIfKept(tou3), readIfKept(tou4)],
  })
}

/** The meter's side: the same block with each counter cut off at its own resolution. Registers in gaps are zero. */
export function encodeRegisterBlock(map: EnergyMap, registers: RegisterSet): Buffer {
  const { start, count } = readRequestOf(map)
  const block = Buffer.alloc(2 * count)
  const values = [registers.totalE4, ...registers.touE4]
  for (const [index, at] of [map.total, ...map.tou].entries()) {
    const valueE4 = values[index] ?? null
    if (at !== null && valueE4 !== null) writeCounter(map, block, 2 * (at - start), valueE4 / BigInt(map.countE4))
  }
  return block
}

function addressesOf(map: EnergyMap): readonly number[] {
  return [map.total, ...map.tou].filter((at) => at !== null)
}

function wordOffsets(map: EnergyMap, offset: number): readonly number[] {
  const offsets = Array.from({ length: widths[map.type] }, (_, index) => offset + 2 * index)
  return map.wordOrder === 'high_first' ? offsets : offsets.toReversed()
}

function readCounter(map: EnergyMap, block: Buffer, offset: number): bigint {
  return wordOffsets(map, offset).reduce((value, at) => (value << 16n) | BigInt(block.readUInt16BE(at)), 0n)
}

function writeCounter(map: EnergyMap, block: Buffer, offset: number, counts: bigint): void {
  invariant(counts >= 0n && counts <= maxValue[map.type], `a ${map.type} counter cannot hold ${counts}`)
  let rest = counts
  for (const at of wordOffsets(map, offset).toReversed()) {
    block.writeUInt16BE(Number(rest & 0xffffn), at)
    rest >>= 16n
  }
}
