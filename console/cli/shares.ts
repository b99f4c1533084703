const wholeShare = 10_000

/**
 * Percents with two decimals that add up to 100.00: each is rounded down, and what is left goes to those that lost most by it, the earlier
 * one first. Nothing of nothing is 100.00 in all, and 0.00 each.
 */
export function percentShares(parts: readonly number[]): readonly string[] {
  const whole = parts.reduce((total, part) => total + part, 0)
  if (whole === 0) return parts.map(() => hundredthsText(0))
  const cut = parts.map((part) => Math.floor((part * wholeShare) / whole))
  const left = wholeShare - cut.reduce((total, share) => total + share, 0)
  const raised = new Set(
    parts
      .map((part, place) => ({ place, rest: (part * wholeShare) % whole }))
      .toSorted((a, b) => b.rest - a.rest || a.place - b.place)
      .slice(0, left)
      .map(({ place }) => place),
  )
  return cut.map((share, place) => hundredthsText(share + (raised.has(place) ? 1 : 0)))
}

/** Two decimals, rounded down, so that 100.00 is said of all and only of all. */
export function percentOf(part: number, whole: number): string {
  return hundredthsText(whole === 0 ? wholeShare : Math.floor((part * wholeShare) / whole))
}

function hundredthsText(hundredths: number): string {
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`
}
