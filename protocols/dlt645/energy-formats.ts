import type { RegisterSet } from '../../domain/reading.js'
import { err, invariant, ok } from '../../domain/result.js'
import { bcdNumber, encodeBcd, isAbsent } from './bcd.js'
import type { ItemFormat } from './item-format.js'

const registerBytes = 4
/** XXXXXX.XX kWh: one count is 0.01 kWh. */
const countE4 = 100n
const rolloverE4 = 100_000_000n * countE4
/** A row of readings has room for as many tariffs. */
const mostTariffs = 4

/**
 * Total and then as many tariffs as the length says, 4 bytes each. A tariff that is absent is null; an absent total is an
 * absent value, since tariffs without a total cannot be checked.
 */
export const energyRegisters: ItemFormat<RegisterSet> = {
  decode(payload) {
    const count = payload.length / registerBytes
    if (count === 0 || !Number.isInteger(count)) return err({ kind: 'length_mismatch' })
    if (count > 1 + mostTariffs) return err({ kind: 'more_than_four_tariffs' })
    const touE4: [bigint | null, bigint | null, bigint | null, bigint | null] = [null, null, null, null]
    for (let tariff = 1; tariff < count; tariff += 1) {
      const register = decodeRegister(payload, tariff)
      if (register === 'invalid') return err({ kind: 'value_invalid' })
      touE4[tariff - 1] = register
    }
    const totalE4 = decodeRegister(payload, 0)
    if (totalE4 === 'invalid') return err({ kind: 'value_invalid' })
    return totalE4 === null ? err({ kind: 'value_absent' }) : ok({ totalE4, touE4 })
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

function decodeRegister(payload: Buffer, index: number): bigint | null | 'invalid' {
  const at = index * registerBytes
  const counts = bcdNumber(payload, at, registerBytes)
  if (counts >= 0) return BigInt(counts) * countE4
  return isAbsent(payload, at, registerBytes) ? null : 'invalid'
}

function encodeRegister(valueE4: bigint | null): Buffer {
  if (valueE4 === null) return Buffer.alloc(registerBytes, 0xff)
  invariant(valueE4 >= 0n && valueE4 < rolloverE4, 'a register shows 0 to 999999.99 kWh')
  return encodeBcd((valueE4 / countE4).toString(), registerBytes)
}
