import type { z } from 'zod'
import { err, ok, type Result } from '../../../domain/result.js'
import { checkComponents } from './check-components.js'
import { type ComponentTariff, componentTariffSchema } from './tariff-schema.js'

/** What is wrong with a document, and where in it. */
export interface DocumentDefect {
  readonly kind: string
  readonly path: string
  readonly message: string
}

export interface DocumentRefused {
  readonly kind: 'document_refused'
  readonly defects: readonly DocumentDefect[]
}

/** A tariff out of parsed JSON; everything wrong with it is reported at once. */
export function parseComponentTariff(json: unknown): Result<ComponentTariff, DocumentRefused> {
  const parsed = parseDocument(componentTariffSchema, json)
  if (!parsed.ok) return parsed
  const defects = checkComponents(parsed.value).map(({ kind, where, message }) => ({ kind, path: where, message }))
  return defects.length > 0 ? err({ kind: 'document_refused', defects }) : parsed
}

/** A document out of parsed JSON, as a schema describes it. */
export function parseDocument<T extends z.ZodType>(schema: T, json: unknown): Result<z.output<T>, DocumentRefused> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  return err({ kind: 'document_refused', defects: parsed.error.issues.flatMap((issue) => defectsOf(issue, [])) })
}

type Issue = z.core.$ZodIssue

/** Of alternatives only the one that the text came closest to is worth showing: the one whose faults lie deepest. */
function defectsOf(issue: Issue, above: readonly PropertyKey[]): readonly DocumentDefect[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (issues: readonly Issue[]) =>
      Math.max(0, ...issues.map((inner) => inner.path.length + (inner.code === 'unrecognized_keys' ? 1 : 0)))
    const deepest = issue.errors.reduce(
      (best, issues) => (depth(issues) > depth(best) ? issues : best),
      issue.errors.at(-1) ?? [],
    )
    return deepest.flatMap((inner) => defectsOf(inner, path))
  }
  return [{ kind: 'malformed', path: path.map(String).join('.') || 'document', message: issue.message }]
}
