import { createHash } from 'node:crypto'
import { child, type Cursor, decimal, fraction, isAbsent, items, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { add, integer, multiply, parseRational, type Rational, subtract, sum } from './rational.js'
import { roundBy } from './round-by.js'

/** A line of a bill whose arithmetic holds. */
export interface CheckedLine {
  readonly component: string
  readonly included: boolean
  readonly amount: Rational
}

/**
 * Each line is quantity × price × multiple, rounded as its version says; their sum is the bill's amount, and the digest is theirs.
 * @param opening the state that the usage opens with: what earlier roundings of totals left.
 */
export function checkComponentLines(
  bill: Cursor,
  versions: readonly Cursor[],
  last: Cursor,
  opening: Cursor,
): readonly CheckedLine[] {
  const lines = items(child(bill, 'lines'))
  const checked = lines.map((line) => checkLine(line, versions))
  const stated = child(bill, 'amount')
  requireEqual(
    stated.path,
    askedFor(totalOf(checked, last), child(child(last, 'rounding'), 'total'), opening),
    decimal(stated),
  )
  requireSame(child(bill, 'linesSha256').path, digestOf(lines), text(child(bill, 'linesSha256')))
  return checked
}

function checkLine(line: Cursor, versions: readonly Cursor[]): CheckedLine {
  const number = whole(child(line, 'version'))
  const version = versions.find((one) => whole(child(one, 'version')) === number)
  if (version === undefined) throw new Fault(child(line, 'version').path, 'a version of the tariff', String(number))
  const code = text(child(line, 'component'))
  const component = componentOf(version, code)
  const [quantity, price] = [child(line, 'quantity'), child(line, 'unitPrice')]
  const exact = fraction(child(line, 'amountExact'))
  if (!isAbsent(quantity) && !isAbsent(price)) {
    const multiple = child(line, 'multiple')
    const product = multiply(
      multiply(fraction(quantity), fraction(price)),
      isAbsent(multiple) ? integer(1n) : fraction(multiple),
    )
    requireEqual(child(line, 'amountExact').path, product, exact)
    requireConstantPrice(component, line, price)
  }
  const amount = fraction(child(line, 'amount'))
  const rule = ruleOf(component, version, 'line')
  const isCumulative = child(child(version, 'rounding'), 'cumulative').value === true
  if (!isCumulative) requireEqual(child(line, 'amount').path, roundBy(exact, rule), amount)
  return { component: code, included: child(line, 'included').value === true, amount }
}

function componentOf(version: Cursor, code: string): Cursor {
  const found = items(child(version, 'components')).find((one) => text(child(one, 'code')) === code)
  if (found === undefined) throw new Fault(`${version.path}.components`, `component ${code}`, 'none')
  return found
}

/** Where a price is a number of its own in the version, the line has that number. */
function requireConstantPrice(component: Cursor, line: Cursor, price: Cursor): void {
  const cell = priceCell(component, line)
  if (typeof cell?.value !== 'string' || parseRational(cell.value) === null) return
  requireEqual(price.path, fraction(cell), fraction(price))
}

function priceCell(component: Cursor, line: Cursor): Cursor | null {
  const kind = text(child(component, 'kind'))
  if (kind === 'fixed') return child(component, 'price')
  if (kind !== 'usage') return null
  const model = child(component, 'model')
  const block = child(line, 'block')
  const priced = isAbsent(block) ? model : items(child(model, 'blocks'))[whole(block) - 1]
  if (priced === undefined || text(child(model, 'kind')) === 'interval_prices') return null
  // A flat amount is a line of its block as well.
  if (child(line, 'unit').value === 'flat') return null
  const slot = child(line, 'slot')
  const prices = child(priced, 'prices')
  return isAbsent(slot) || isAbsent(prices) ? child(priced, 'price') : child(prices, text(slot))
}

/** The sum of what is not contained in other lines, rounded by component where the version says so. */
function totalOf(lines: readonly CheckedLine[], last: Cursor): Rational {
  const added = lines.filter(({ included }) => !included)
  const codes = [...new Set(added.map(({ component }) => component))]
  const components = codes.map((code) => {
    const own = sum(added.filter(({ component }) => component === code).map(({ amount }) => amount))
    const found = items(child(last, 'components')).find((one) => text(child(one, 'code')) === code)
    return roundBy(own, ruleOf(found, last, 'component'))
  })
  return sum(components)
}

/** The total as the version rounds it; where it carries what rounding leaves, the gain of the rounded sum since the opening state. */
function askedFor(total: Rational, rule: Cursor, opening: Cursor): Rational {
  if (isAbsent(rule) || child(rule, 'carried').value !== true) return roundBy(total, rule)
  const kept = isAbsent(opening) ? opening : child(opening, 'rounding')
  const before = isAbsent(kept) ? undefined : items(kept).find((one) => text(child(one, 'line')) === '(total)')
  if (before === undefined) return roundBy(total, rule)
  const [exact, rounded] = [fraction(child(before, 'exact')), fraction(child(before, 'rounded'))]
  return subtract(roundBy(add(exact, total), rule), rounded)
}

function ruleOf(component: Cursor | undefined, version: Cursor, at: 'line' | 'component'): Cursor {
  const own = component === undefined ? undefined : child(component, 'rounding')
  const rule = own === undefined || isAbsent(own) ? null : child(own, at)
  return rule === null || isAbsent(rule) ? child(child(version, 'rounding'), at) : rule
}

/** SHA-256 over the lines as lists, as `component_bill` of the database stores them. */
function digestOf(lines: readonly Cursor[]): string {
  const names = ['component', 'slot', 'block', 'segment', 'from', 'to', 'quantity', 'unit', 'unitPrice'] as const
  const rows = lines.map((line) => {
    const multiple = child(line, 'multiple')
    const head = names.map((name) => child(line, name).value)
    const tail = [child(line, 'amountExact').value, child(line, 'amount').value, child(line, 'version').value]
    return [...head, isAbsent(multiple) ? '1' : multiple.value, ...tail, child(line, 'included').value === true]
  })
  return createHash('sha256')
    .update(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    .digest('hex')
}
