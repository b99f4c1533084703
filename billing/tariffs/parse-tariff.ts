import { createHash } from 'node:crypto'
import { err, ok, type Result } from '../../domain/result.js'
import { issueText } from '../../domain/schema-issue.js'
import { checkTariff, type TariffDefect } from './check-tariff.js'
import { type TariffDocument, tariffDocumentSchema } from './tariff-document.js'

export interface TariffErrors {
  readonly kind: 'tariff_refused'
  /** One sentence each, naming the cell. */
  readonly defects: readonly string[]
}

/** A tariff document out of parsed JSON; everything wrong with it is reported at once. */
export function parseTariff(json: unknown): Result<TariffDocument, TariffErrors> {
  const parsed = tariffDocumentSchema.safeParse(json)
  if (!parsed.success) {
    const defects = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issueText(issue)}`)
    return err({ kind: 'tariff_refused', defects })
  }
  const defects = checkTariff(parsed.data)
  return defects.length > 0 ? err({ kind: 'tariff_refused', defects: defects.map(describe) }) : ok(parsed.data)
}

/** SHA-256 of the document with sorted keys, so that formatting and key order do not count. */
export function tariffSha256(document: object): Buffer {
  return createHash('sha256').update(canonicalJson(document)).digest()
}

/** JSON with object keys in code-unit order, no blanks. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function describe({ kind, where }: TariffDefect): string {
  return `${where}: ${kind}`
}
