import { hash } from 'node:crypto'
import type { PackedLine } from '../../storage/billing/component-bills.js'
import type { BillPeriod } from '../rating/bill.js'

type Line = BillPeriod['lines'][number]

/** A line without its steps, which are re-derived when somebody asks for them. */
export function packLine(line: Line): PackedLine {
  const {
    component,
    slot,
    block,
    segment,
    from,
    to,
    quantity,
    unit,
    unitPrice,
    multiple = '1',
    amountExact,
    amount,
  } = line
  const { version, included = false } = line
  return [
    component,
    slot,
    block,
    segment,
    from,
    to,
    quantity,
    unit,
    unitPrice,
    multiple,
    amountExact,
    amount,
    version,
    included,
  ]
}

/** SHA-256 over the lines as JSON without blanks, each followed by a line feed. */
export function linesSha256(lines: readonly PackedLine[]): Buffer {
  return hash('sha256', lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'buffer')
}

export function unpackLine(packed: PackedLine): Line {
  const [
    component,
    slot,
    block,
    segment,
    from,
    to,
    quantity,
    unit,
    unitPrice,
    multiple,
    amountExact,
    amount,
    version,
    included,
  ] = packed
  return {
    component,
    slot,
    block,
    segment,
    from,
    to,
    quantity,
    unit,
    unitPrice,
    ...(multiple === '1' ? {} : { multiple }),
    amountExact,
    amount,
    version,
    ...(included ? { included } : {}),
  }
}
