/** A slot's wish for a part of an energy, and the most it may get. */
export interface Share {
  readonly weight: bigint
  readonly capE4: bigint
}

/**
 * Parts of a whole energy in proportion to the weights, none above its cap, in whole e4 units that sum up exactly: what does not go
 * evenly goes to the largest remainders, the earlier slot first. What a cap cuts off goes to the others in proportion; where only slots
 * without weight are left, evenly. Null when the caps do not leave room for all of it.
 */
export function apportion(totalE4: bigint, shares: readonly Share[]): readonly bigint[] | null {
  if (totalE4 < 0n || totalE4 > shares.reduce((sum, { capE4 }) => sum + capE4, 0n)) return null
  const parts = shares.map(() => 0n)
  let open = shares.map((share, place) => ({ ...share, place }))
  let restE4 = totalE4
  for (;;) {
    const wishes = proportional(restE4, open)
    const overfull = open.filter(({ capE4 }, index) => (wishes[index] ?? 0n) > capE4)
    if (overfull.length === 0) {
      for (const [index, { place }] of open.entries()) parts[place] = wishes[index] ?? 0n
      return parts
    }
    for (const { place, capE4 } of overfull) {
      parts[place] = capE4
      restE4 -= capE4
    }
    open = open.filter((each) => !overfull.includes(each))
  }
}

function proportional(totalE4: bigint, shares: readonly Share[]): readonly bigint[] {
  const sum = shares.reduce((all, { weight }) => all + weight, 0n)
  if (sum === 0n) {
    const even = shares.map(({ capE4 }) => ({ weight: 1n, capE4 }))
    return even.length === 0 ? [] : proportional(totalE4, even)
  }
  const whole = shares.map(({ weight }) => (totalE4 * weight) / sum)
  const left = Number(totalE4 - whole.reduce((all, part) => all + part, 0n))
  const remainders = shares.map(({ weight }, index) => ({ index, remainder: (totalE4 * weight) % sum }))
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of remainders.slice(0, left)) whole[index] = (whole[index] ?? 0n) + 1n
  return whole
}
