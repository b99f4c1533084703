import type { RegisterSet } from '../../domain/reading.js'
import { err, invariant, ok } from '../../domain/result.js'
import { bcdNumber, encodeBcd, isAbsent } from './bcd.js'
import type { ItemFormat } from './item-format.js'

const registerBytes = 4
/** XXXXXX.XX kWh: one count is 0.01 kWh. */
const countE4 = 100n
const rolloverE4 = 100_000_000n * countE4
const noTariffs = [null, null, null, null] as const

/**
 * Total and then as many tariffs as the length says, 4 bytes each. A tariff that is absent is null; an absent total is an
 * absent value, since tariffs without a total cannot be checked.
 */
export const energyRegisters: ItemFormat<RegisterSet> = {
  decode(payload) {
    const count = payload.length / registerBytes
    if (count === 0 || !Number.isInteger(count)) return err({ kind: 'length_mismatch' })
    if (count > 1 + noTariffs.length) return err({ kind: 'more_than_four_tariffs' })
    const registers = Array.from({ length: count }, (_, index) => decodeRegister(payload, index))
    if (registers.includes('invalid')) return err({ kind: 'value_invalid' })
    const [total, ...tariffs] = registers.map((register) => (typeof register === 'bigint' ? register : null))
    if (total === null || total === undefined) return err({ kind: 'value_absent' })
    return ok({ totalE4: total, touE4: fourTariffs(tariffs) })
  },
  encode({ totalE4, touE4 }) {
    const tariffCount = touE4.findLastIndex((register) => register !== null) + 1
    return Buffer.concat([totalE4, ...touE4.slice(0, tariffCount)].map(encodeRegister))
  },
}

/** One register, 4 bytes, without tariffs. */
export const energyTotal: ItemFormat<RegisterSet> = {
  decode: (payload) =>
    payload.length === registerBytes ? energyRegisters.decode(payload) : err({ kind: 'length_mismatch' }),
  encode: ({ totalE4 }) => encodeRegister(totalE4),
}

function decodeRegister(payload: Buffer, index: number): bigint | 'absent' | 'invalid' {
  const at = index * registerBytes
  const counts = bcdNumber(payload, at, registerBytes)
  if (counts >= 0) return BigInt(counts) * countE4
  return isAbsent(payload, at, registerBytes) ? 'absent' : 'invalid'
}

function encodeRegister(valueE4: bigint | null): Buffer {
  if (valueE4 === null) return Buffer.alloc(registerBytes, 0xff)
  invariant(valueE4 >= 0n && valueE4 < rolloverE4, 'a register shows 0 to 999999.99 kWh')
  return encodeBcd((valueE4 / countE4).toString(), registerBytes)
}

function fourTariffs(tariffs: readonly (bigint | null)[]): RegisterSet['touE4'] {
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = tariffs
  return [tou1, tou2, tou3, tou4]
}
