import type { RegisterSet } from '../../domain/reading.js'

export interface RegisterPair {
  readonly name: string
  readonly earlierE4: bigint
  readonly laterE4: bigint
}

/** The registers that both sets show, total first. */
export function registerPairs(earlier: RegisterSet, later: RegisterSet): readonly RegisterPair[] {
  const tou = earlier.touE4.flatMap((earlierE4, index) => {
    const laterE4 = later.touE4[index] ?? null
    return earlierE4 === null || laterE4 === null ? [] : [{ name: `tou${index + 1}`, earlierE4, laterE4 }]
  })
  return [{ name: 'total', earlierE4: earlier.totalE4, laterE4: later.totalE4 }, ...tou]
}
