import { createHash } from 'node:crypto'
import { invariant } from './result.js'
import type { Random } from './runtime.js'

const spanBits = 48

/** Randomness as a hash of (seed, parts). The bias of the modulo is below 2^-16 for bounds under 2^32. */
export function createSeededRandom(seed: number): Random {
  return {
    below(bound, ...parts) {
      invariant(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 32, 'a random bound is an integer from 1 to 2^32')
      const digest = createHash('sha256')
        .update(JSON.stringify([seed, ...parts]))
        .digest()
      return digest.readUIntBE(0, spanBits / 8) % bound
    },
  }
}
