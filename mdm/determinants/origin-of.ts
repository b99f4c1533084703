import type { DecidedQuantity } from '../../storage/mdm/determinant-quantities.js'
import type { Origin } from './quantity.js'

/** By stored number of the source, see domain/reading.ts; 7 is a value that a person corrected, 8 one of a file. */
const origins: Readonly<Record<number, Origin>> = {
  2: 'back_filled',
  4: 'live',
  5: 'field',
  6: 'exchange',
  7: 'corrected',
  8: 'imported',
}

/** Where the value of a boundary comes from. */
export function originOf(decided: Pick<DecidedQuantity, 'verdict' | 'source'> | undefined): Origin {
  if (decided === undefined) return 'missing'
  const { verdict, source } = decided
  if (verdict === 'held' || verdict === 'estimated' || verdict === 'settled') return verdict
  return origins[source ?? 0] ?? 'read'
}

/** Whether a person or an estimate stands behind a value, so that the bill has to say so. */
export function isNotPlainlyRead(origin: Origin): boolean {
  return (
    origin === 'field' ||
    origin === 'exchange' ||
    origin === 'opening' ||
    origin === 'corrected' ||
    origin === 'imported' ||
    origin === 'estimated'
  )
}
