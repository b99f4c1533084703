/** A unit of energy or power apart from its prefix: kWh and MWh are of one, kWh and kW of two. */
export interface ScaledUnit {
  readonly base: string
  readonly prefix: string
}

const scaled = /^([kMGT]?)(Wh|varh|VAh|W|var|VA)$/

/** Null for a unit of anything else. */
export function scaledUnit(text: string): ScaledUnit | null {
  const [, prefix, base] = scaled.exec(text) ?? []
  return prefix === undefined || base === undefined ? null : { base, prefix }
}

/** Whether two units measure the same thing in steps of a thousand: kWh and MWh. */
export function differInScale(one: string, other: string): boolean {
  const [a, b] = [scaledUnit(one), scaledUnit(other)]
  return a !== null && b !== null && a.base === b.base && a.prefix !== b.prefix
}
