import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Comparison } from '../../../../billing/rating/compare/compare-bills.js'
import type { Documents } from '../../../../billing/rating/compare/factors.js'
import { usageDocumentSchema } from '../../../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../../../billing/tariffs/components/parse-document.js'
import { formatRational, isZero } from '../../../../domain/rational.js'
import { invariant } from '../../../../domain/result.js'
import { checkoutRoot } from '../../../architecture/source-files.js'

/** Documents as their schemas read them, out of JSON text. */
export function documentsOf(tariff: unknown, usage: unknown): Documents {
  const read = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  const parsed = { tariff: parseComponentTariff(read(tariff)), usage: parseDocument(usageDocumentSchema, read(usage)) }
  invariant(parsed.tariff.ok && parsed.usage.ok, JSON.stringify(parsed))
  return { tariff: parsed.tariff.value, usage: parsed.usage.value }
}

export function example(name: string): unknown {
  return JSON.parse(readFileSync(join(checkoutRoot, 'docs', 'schemas', 'compare', `${name}.json`), 'utf8'))
}

/** Factors that change anything, as `factor amount`. */
export function changes({ steps }: Comparison): string {
  return steps
    .filter(({ amount }) => !isZero(amount))
    .map(({ factor, amount }) => `${factor} ${formatRational(amount)}`)
    .join(', ')
}
