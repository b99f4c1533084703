import { type BillRow, checkBills } from './check-bills.js'
import { checkReadings, type ReadingRow } from './check-readings.js'
import type { Mismatch } from './mismatch.js'
import { parseTariff } from './tariff-file.js'
import { parseTruth } from './truth-file.js'

export interface TruthVerdict {
  /** Stored claims that were compared. */
  readonly readings: number
  readonly bills: number
  /** Estimates, which nobody read; they are counted and not compared. */
  readonly estimated: number
  readonly mismatches: number
  readonly firstMismatches: readonly Mismatch[]
}

const shownMismatches = 10

/**
 * Holds what the product stored against the simulator's own truth. Everything is computed anew from the truth file and the
 * tariff files; no code of the product takes part. Malformed files throw TypeError.
 */
export function checkTruth(
  truthFileText: string,
  product: { readonly readings: readonly ReadingRow[]; readonly bills: readonly BillRow[] },
  tariffJsonTexts: readonly string[],
): TruthVerdict {
  const truth = parseTruth(truthFileText)
  const { compared, estimated, mismatches } = checkReadings(truth, product.readings)
  const found = [...mismatches, ...checkBills(truth, product.bills, tariffJsonTexts.map(parseTariff))]
  return {
    readings: compared,
    bills: product.bills.length,
    estimated,
    mismatches: found.length,
    firstMismatches: found.slice(0, shownMismatches),
  }
}
