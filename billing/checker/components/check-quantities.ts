import { child, childOr, type Cursor, fraction, isAbsent, items, text } from '../cursor.js'
import { requireEqual } from '../fault.js'
import { add, multiply, type Rational, sum, zero } from '../rational.js'

/**
 * The quantities that the bill states are those of the usage: each total with the losses that are added to it. Of a version that cuts units,
 * or of readings that relations or factors change, nothing is said.
 */
export function checkQuantities(period: Cursor, quantities: Cursor, version: Cursor): void {
  const isPlain = ['correctionFactors', 'relations'].every((name) => items(childOr(period, name, [])).length === 0)
  if (!isPlain || childOr(version, 'energyRounding', 'none').value !== 'none') return
  const totals = items(child(period, 'quantities')).filter((entry) => isAbsent(child(entry, 'slot')))
  for (const name of new Set(totals.map((entry) => text(child(entry, 'name'))))) {
    const own = totals.filter((entry) => child(entry, 'name').value === name)
    const loss = lossOf(period, name)
    const isKnown = loss !== null && own.every((entry) => !isAbsent(child(entry, 'value')))
    const isRounded = loss !== zero && !isAbsent(child(version, 'lossRounding'))
    if (!isKnown || isRounded || own.length !== 1) continue
    const stated = items(quantities).find((one) => child(one, 'name').value === name && isAbsent(child(one, 'slot')))
    const measured = sum(own.map(valueOf))
    requireEqual(
      `rated.quantities.${name}`,
      add(measured, loss),
      stated === undefined ? zero : fraction(child(stated, 'value')),
    )
  }
}

function valueOf(entry: Cursor): Rational {
  return multiply(fraction(child(entry, 'value')), fraction(childOr(entry, 'factor', '1')))
}

/** Losses that are given for a quantity; null where one has to be worked out. */
function lossOf(period: Cursor, name: string): Rational | null {
  const own = items(childOr(period, 'losses', [])).filter((loss) => childOr(loss, 'active', 'energy').value === name)
  if (own.some((loss) => child(loss, 'kind').value !== 'given')) return null
  return own.reduce((all, loss) => add(all, fraction(child(loss, 'activeLoss'))), zero)
}
