import type { RegisterSet } from '../../domain/reading.js'
import type { ReadOutcome } from './line-reader.js'

/** DL/T 645 registers show hundredths of a kWh, each cut off for itself. */
const countE4 = 100n
/** Readings taken before a meter that never says the same twice is given up for this time. */
const mostReadings = 3

export interface CertaintyRule {
  /** Whether receivers drop bytes whose parity is wrong. */
  readonly hasParity: boolean
  /** Whether a later reading confirms an earlier one. */
  readonly agree: (earlier: RegisterSet, later: RegisterSet) => boolean
}

/**
 * Reads registers so that a wrong value cannot pass. The checksum of a frame is a sum: two wrong bits that cancel each other get
 * through, one time in 10⁷ on a bad line without parity. Where bytes have parity that takes four wrong bits, and tariffs that add up
 * to the total settle the rest; otherwise two readings must agree, stamps included.
 */
export async function readUntilCertain(
  readOnce: () => Promise<ReadOutcome>,
  { hasParity, agree }: CertaintyRule,
): Promise<ReadOutcome> {
  const earlier: RegisterSet[] = []
  for (let nth = 0; nth < mostReadings; nth += 1) {
    const outcome = await readOnce()
    if (outcome.kind === 'failed') return outcome
    const { registers } = outcome.reading
    if (hasParity && tariffsAddUp(registers)) return outcome
    if (earlier.some((each) => agree(each, registers))) return outcome
    earlier.push(registers)
  }
  return { kind: 'failed', cause: 'damaged' }
}

/** True when there are tariffs and they make up the total, each within what is cut off; false when there is nothing to compare. */
export function tariffsAddUp({ totalE4, touE4 }: RegisterSet): boolean {
  const tariffs = touE4.filter((each) => each !== null)
  const difference = tariffs.reduce((rest, each) => rest - each, totalE4)
  const tolerance = countE4 * BigInt(tariffs.length)
  return tariffs.length > 0 && difference <= tolerance && -difference <= tolerance
}

/** A register that counts may have gone on by one count between two readings. */
export function isSameOrNext(earlier: RegisterSet, later: RegisterSet): boolean {
  const next = (before: bigint | null, after: bigint | null) =>
    before === null || after === null ? before === after : after - before >= 0n && after - before <= countE4
  return (
    next(earlier.totalE4, later.totalE4) && earlier.touE4.every((each, index) => next(each, later.touE4[index] ?? null))
  )
}
