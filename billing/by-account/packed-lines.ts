import { hash } from 'node:crypto'
import type { PackedLine } from '../../storage/billing/component-bills.js'
import type { BillPeriod } from '../rating/bill.js'

export type BilledLine = BillPeriod['lines'][number]

/** What stands where in a packed line: everything but its steps, which are re-derived when somebody asks for them. */
const fields = [
  'component',
  'slot',
  'block',
  'segment',
  'from',
  'to',
  'quantity',
  'unit',
  'unitPrice',
  'multiple',
  'amountExact',
  'amount',
  'version',
  'included',
] as const satisfies readonly (keyof BilledLine)[]

/** What a line leaves out, and a packed one says. */
const implied: { readonly [Field in (typeof fields)[number]]?: PackedLine[number] } = { multiple: '1', included: false }

export function packLine(line: BilledLine): PackedLine {
  return fields.map((field) => line[field] ?? implied[field] ?? null)
}

export function unpackLine(packed: PackedLine): BilledLine {
  const stated = fields
    .map((field, index) => [field, packed[index]] as const)
    .filter(([field, value]) => value !== implied[field])
  return Object.fromEntries(stated) as unknown as BilledLine
}

/** The lines as JSON without blanks, each followed by a line feed. */
export function linesText(lines: readonly PackedLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** SHA-256 over `linesText`. */
export function linesSha256(lines: readonly PackedLine[]): Buffer {
  return hash('sha256', linesText(lines), 'buffer')
}
