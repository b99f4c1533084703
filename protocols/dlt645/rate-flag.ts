/** Rates by the bit of the flag that stands for each (DL/T 645-2007; 17H and the port rates 040007xx). */
const baudOfBit: ReadonlyMap<number, number> = new Map([
  [1, 600],
  [2, 1200],
  [3, 2400],
  [4, 4800],
  [5, 9600],
  [6, 19_200],
])

/** Bits per second of a rate flag; null unless exactly one known bit is set. */
export function baudOfRateFlag(flag: number): number | null {
  for (const [bit, baud] of baudOfBit) if (flag === 1 << bit) return baud
  return null
}

/** Flag of a rate; null for a rate that has none. */
export function rateFlagOfBaud(baud: number): number | null {
  for (const [bit, each] of baudOfBit) if (each === baud) return 1 << bit
  return null
}
