import { createHash } from 'node:crypto'
import { child, type Cursor, decimal, items, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import type { ExpectedLine } from './expected-lines.js'
import { type Rational, scaledInteger, sum } from './rational.js'

const componentNumbers: Readonly<Record<string, number>> = { energy: 1, ladder_increment: 2 }
const slotNumbers: Readonly<Record<string, number>> = { all: 0, sharp: 1, peak: 2, flat: 3, valley: 4 }

/** Each line of the bill is the expected one, their sum is the bill's amount, and the stored digest is theirs. */
export function checkLines(bill: Cursor, expected: readonly ExpectedLine[]): Rational {
  const lines = items(child(bill, 'lines'))
  for (const [index, line] of lines.entries()) checkLine(line, expected[index])
  requireSame(child(bill, 'lines').path, `${expected.length} lines`, `${lines.length} lines`)
  const amount = sum(expected.map((line) => line.amount))
  requireEqual(child(bill, 'amount').path, amount, decimal(child(bill, 'amount')))
  requireSame(child(bill, 'linesSha256').path, digestOf(expected), text(child(bill, 'linesSha256')))
  return amount
}

function checkLine(line: Cursor, expected: ExpectedLine | undefined): void {
  if (expected === undefined) throw new Fault(line.path, 'no further line', 'a line')
  requireSame(child(line, 'component').path, expected.component, text(child(line, 'component')))
  requireSame(child(line, 'slot').path, expected.slot, text(child(line, 'slot')))
  requireSame(child(line, 'block').path, String(expected.block), String(whole(child(line, 'block'))))
  requireEqual(child(line, 'energy').path, expected.energy, decimal(child(line, 'energy')))
  requireEqual(child(line, 'price').path, expected.price, decimal(child(line, 'price')))
  requireEqual(child(line, 'amount').path, expected.amount, decimal(child(line, 'amount')))
}

/** SHA-256 over `component,slot,block,quantity e4,price e8,fen` per line. */
function digestOf(lines: readonly ExpectedLine[]): string {
  const rows = lines.map((line) => {
    const numbers = [scaledInteger(line.energy, 4), scaledInteger(line.price, 8), scaledInteger(line.amount, 2)]
    return `${componentNumbers[line.component]},${slotNumbers[line.slot]},${line.block},${numbers.join(',')}\n`
  })
  return createHash('sha256').update(rows.join('')).digest('hex')
}
