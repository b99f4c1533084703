import type { Random } from '../domain/runtime.js'

/** How a receiver's UART is set: with even parity it notices an odd number of wrong bits in a byte and drops the byte. */
export type Parity = 'even' | 'none'

export interface BitNoise {
  /** Wrong bits in a million. */
  readonly errorsPerMillionBits: number
  readonly parity: Parity
}

const dataBits = 8

/**
 * Bytes as they arrive over a noisy pair of wires. Each data bit (and the parity bit, where there is one) is wrong with the same
 * chance, on its own. A byte whose parity does not hold is dropped, as UARTs with parity checking do.
 */
export function noisyBytes(
  bytes: Buffer,
  { errorsPerMillionBits, parity }: BitNoise,
  random: Random,
  ...parts: readonly (string | number)[]
): Buffer {
  if (errorsPerMillionBits === 0) return bytes
  const heard: number[] = []
  const bits = parity === 'even' ? dataBits + 1 : dataBits
  for (const [index, byte] of bytes.entries()) {
    let flips = 0
    let count = 0
    for (let bit = 0; bit < bits; bit += 1) {
      if (random.below(1_000_000, ...parts, index, bit) >= errorsPerMillionBits) continue
      flips ^= 1 << bit
      count += 1
    }
    if (parity === 'even' && count % 2 === 1) continue
    heard.push((byte ^ flips) & 0xff)
  }
  return Buffer.from(heard)
}
