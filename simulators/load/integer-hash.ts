/** Finalizer of an integer hash (32 bits in, 32 bits out). */
export function mixed(bits: number): number {
  const first = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** A number in [0, bound) that follows from some integers. */
export function hashBelow(bound: number, ...parts: readonly number[]): number {
  return parts.reduce((hash, part) => mixed(hash ^ Math.imul(part + 1, 0x9e3779b1)), 0) % bound
}
