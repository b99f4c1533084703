import * as z from 'zod'
import { quantities, type Quantity } from '../../domain/quantities.js'
import type { RegisterSet } from '../../domain/reading.js'
import { err, invariant, ok, type Result } from '../../domain/result.js'
import { maxRegistersPerRead, type ReadRegistersRequest } from './tcp-adu.js'

const address = z.int().min(0).max(0xffff)
const widths = { uint32: 2, uint64: 4 } as const
const maxValue = { uint32: 0xffff_ffffn, uint64: 0xffff_ffff_ffff_ffffn } as const

const energySchema = z.strictObject({
  function: z.union([z.literal(3), z.literal(4)]),
  type: z.enum(['uint32', 'uint64']),
  wordOrder: z.enum(['high_first', 'low_first']),
  /** Energy of one count at scale e4: 100 where a count is 0.01 kWh. */
  countE4: z.int().positive(),
  total: address,
  /** tou1…tou4 in the meter's own numbering; null where the meter has no such register. */
  tou: z.tuple([address.nullable(), address.nullable(), address.nullable(), address.nullable()]),
})

/** What a meter model counts and where, taken from a public register list. */
export const meterModelSchema = z.strictObject({
  model: z.string().min(1),
  source: z.string().min(1),
  /** Whether the registers stand before (`secondary`) or after (`primary`) the transformer ratio; the multiplier is applied once. */
  side: z.enum(['secondary', 'primary']),
  energies: z.partialRecord(z.enum(Object.keys(quantities) as [Quantity, ...Quantity[]]), energySchema),
})

export type MeterModel = z.infer<typeof meterModelSchema>
export type EnergyMap = z.infer<typeof energySchema>

export type RegisterMapError = { readonly kind: 'length_mismatch' }

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
