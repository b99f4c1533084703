/** Tells meters that are not there from requests that were lost on the way. */
export interface Silences {
  readonly answered: (meter: string) => void
  readonly silent: (meter: string) => void
  /** Silences of meters that have never answered. */
  readonly ofTheDead: () => number
}

export function createSilences(): Silences {
  const answered = new Set<string>()
  const silences = new Map<string, number>()
  return {
    answered(meter) {
      answered.add(meter)
      silences.delete(meter)
    },
    silent(meter) {
      if (!answered.has(meter)) silences.set(meter, 1 + (silences.get(meter) ?? 0))
    },
    ofTheDead: () => [...silences.values()].reduce((total, each) => total + each, 0),
  }
}
