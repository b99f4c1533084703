import type { RegisterSet } from '../../domain/reading.js'

export interface RegisterPair {
  readonly name: string
  readonly earlierE4: bigint
  readonly laterE4: bigint
}

/**
 * The first register that both sets show and of which a test holds, the total first. Asked for with each reading, so that nothing is
 * made of the others.
 */
export function findRegister(
  earlier: RegisterSet,
  later: RegisterSet,
  test: (earlierE4: bigint, laterE4: bigint) => boolean,
): RegisterPair | null {
  if (test(earlier.totalE4, later.totalE4)) return { name: 'total', earlierE4: earlier.totalE4, laterE4: later.totalE4 }
  for (let index = 0; index < earlier.touE4.length; index++) {
    const earlierE4 = earlier.touE4[index] ?? null
    const laterE4 = later.touE4[index] ?? null
    if (earlierE4 !== null && laterE4 !== null && test(earlierE4, laterE4))
      return { name: `tou${index + 1}`, earlierE4, laterE4 }
  }
  return null
}

/** A register that shows less than before, whatever that means. */
export function findFallen(earlier: RegisterSet, later: RegisterSet): RegisterPair | null {
  return findRegister(earlier, later, hasFallen)
}

function hasFallen(earlierE4: bigint, laterE4: bigint): boolean {
  return laterE4 < earlierE4
}
