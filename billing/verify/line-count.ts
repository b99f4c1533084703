import type { LinesChecked } from '../checker/verdict.js'

/** Adds up what was worked out of many bills, and what was not, by component and reason. */
export interface LineCount {
  readonly add: (lines: LinesChecked) => void
  /** By component and reason, in this order; quantities that some bill does not trace, by name. */
  readonly sum: () => LinesChecked
}

export function createLineCount(): LineCount {
  let workedOut = 0
  const onTrust = new Map<string, LinesChecked['onTrust'][number]>()
  const untraced = new Set<string>()
  return {
    add(lines) {
      workedOut += lines.workedOut
      for (const name of lines.untraced) untraced.add(name)
      for (const one of lines.onTrust) {
        const key = `${one.component} ${one.reason}`
        onTrust.set(key, { ...one, lines: (onTrust.get(key)?.lines ?? 0) + one.lines })
      }
    },
    sum: () => ({
      workedOut,
      onTrust: [...onTrust].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
      untraced: [...untraced].sort((a, b) => (a < b ? -1 : 1)),
    }),
  }
}
