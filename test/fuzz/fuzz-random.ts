/**
 * Seeded randomness that costs a few nanoseconds: xorshift128 (Marsaglia 2003). Every input has a stream of its own, from the seed
 * and its index, so that one input can be made again without those before it.
 */
export interface FuzzRandom {
  readonly reseed: (seed: number, index: number) => void
  /** 32 bits. */
  readonly next: () => number
  /** From 0 to `bound` - 1. */
  readonly below: (bound: number) => number
  readonly oneIn: (odds: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
}

export function createFuzzRandom(seed = 0, index = 0): FuzzRandom {
  let x = 0
  let y = 0
  let z = 0
  let w = 0

  function reseed(toSeed: number, toIndex: number): void {
    x = scrambled(toSeed)
    y = scrambled(toIndex ^ 0x9e3779b9)
    z = scrambled(x ^ toIndex)
    w = scrambled(y + toSeed) | 1
  }
  function next(): number {
    const shifted = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ shifted ^ (shifted >>> 8)
    return w >>> 0
  }
  const below = (bound: number) => next() % bound

  reseed(seed, index)
  return {
    reseed,
    next,
    below,
    oneIn: (odds) => next() % odds === 0,
    pick(list) {
      const picked = list[next() % list.length]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
  }
}

/** Finalizer of MurmurHash3. */
function scrambled(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** FNV-1a: what a check does beside the input, such as where it cuts a stream, follows from the input alone. */
export function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
