import { createHash } from 'node:crypto'
import { child, type Cursor, day, members, text, whole } from './cursor.js'
import { Fault, requireSame } from './fault.js'

/** The tariff of the proof is the one the bill names, unchanged since it was registered, and in force over the whole period. */
export function checkTariff(tariff: Cursor, bill: Cursor): Cursor {
  const document = child(tariff, 'document')
  const sha256 = createHash('sha256')
    .update(canonicalJson(members(document)))
    .digest('hex')
  requireSame(child(tariff, 'sha256').path, sha256, text(child(tariff, 'sha256')))
  requireSame(child(bill, 'tariffCode').path, text(child(document, 'code')), text(child(bill, 'tariffCode')))
  const version = child(bill, 'tariffVersion')
  requireSame(version.path, String(whole(child(document, 'version'))), String(whole(version)))
  const [from, to] = [day(child(bill, 'periodFrom')), day(child(bill, 'periodTo'))]
  const validFrom = text(child(document, 'validFrom'))
  const validTo = child(document, 'validTo')
  if (from >= to || from < validFrom || (validTo.value !== undefined && to > text(validTo)))
    throw new Fault('tariff.validity', `${from} to ${to}`, `valid from ${validFrom} to ${String(validTo.value)}`)
  return document
}

/** JSON without blanks, object keys in code-unit order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
