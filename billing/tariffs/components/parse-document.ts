import type { z } from 'zod'
import { err, ok, type Result } from '../../../domain/result.js'
import { issueText } from '../../../domain/schema-issue.js'
import { checkComponents, type ComponentDefectKind } from './check-components.js'
import { type KeyDefect, keyOf, misspeltKeys } from './misspelt-keys.js'
import { type ComponentTariff, componentTariffSchema } from './tariff-schema.js'

/** What is wrong with a document, and where in it. */
export interface DocumentDefect {
  readonly kind: 'malformed' | ComponentDefectKind
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
  const found: readonly Found[] = parsed.error.issues.flatMap((issue) => defectsOf(issue, []))
  const known = found.map(
    (one): Found => (one.is === undefined && isAbsent(json, one.path) ? { ...one, is: 'missing' } : one),
  )
  return err({ kind: 'document_refused', defects: withoutSlips(known) })
}

/** A defect, and whether it is a key that is missing or that nobody knows. */
interface Found extends DocumentDefect {
  readonly is?: KeyDefect['is']
}

/** Whether a document has nothing at a place; a choice among words does not say that it was not given. */
function isAbsent(json: unknown, path: string): boolean {
  let part = json
  for (const key of path.split('.')) {
    if (part === null || typeof part !== 'object') return true
    part = (part as Readonly<Record<string, unknown>>)[key]
  }
  return part === undefined
}

/** One defect a place; a key with a slip of the pen is one as well: what it stands for is not missing beside it. */
function withoutSlips(found: readonly Found[]): readonly DocumentDefect[] {
  const meant = misspeltKeys(found.flatMap(({ path, is }) => (is === undefined ? [] : [{ path, is }])))
  const meantPaths = new Set(meant.values())
  const first = found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index)
  return first
    .filter(({ path, is }) => is !== 'missing' || !meantPaths.has(path))
    .map(({ kind, path, message }) => {
      const other = meant.get(path)
      return { kind, path, message: other === undefined ? message : `${message}，应是 meant is ${keyOf(other)}?` }
    })
}

type Issue = z.core.$ZodIssue

/**
 * Of alternatives only the one that the text came closest to is worth showing: the one whose faults lie deepest and that lacks the least.
 * Where several are as close, one message says what each of them expected.
 */
function defectsOf(issue: Issue, above: readonly PropertyKey[]): readonly Found[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ ...malformed([...path, key], '无此项 no such key'), is: 'unknown' }))
  if (isMissing(issue)) return [{ ...malformed(path, issueText(issue)), is: 'missing' }]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [malformed(path, expectation(issue))]
  const score = (issues: readonly Issue[]) =>
    Math.max(...issues.map(depthOf)) * 1000 - issues.filter(isStructural).length
  const best = Math.max(...issue.errors.map(score))
  const closest = issue.errors.filter((issues) => score(issues) === best)
  const [only = [], ...others] = closest
  if (others.length === 0) return only.flatMap((inner) => defectsOf(inner, path))
  if (closest.every(([first]) => first !== undefined && first.path.length === 0 && isMissing(first)))
    return [{ ...malformed(path, '必填 required'), is: 'missing' }]
  const expected = closest.flatMap(([first]) => (first === undefined ? [] : [alternative(first)]))
  // A number where a text belongs is a slip of the pen, whatever else might have stood there.
  const slip = expected.find((text) => text.includes('written as a text'))
  return [malformed(path, slip ?? [...new Set(expected)].join('，或 or '))]
}

function malformed(path: readonly PropertyKey[], message: string): DocumentDefect {
  return { kind: 'malformed', path: path.map(String).join('.') || 'document', message }
}

function depthOf(issue: Issue): number {
  const inner =
    issue.code === 'invalid_union' && issue.errors.length > 0
      ? Math.max(...issue.errors.flatMap((issues) => issues.map(depthOf)))
      : 0
  return issue.path.length + inner + (issue.code === 'unrecognized_keys' ? 1 : 0)
}

/** A key that is missing or too many, rather than one whose value is wrong. */
function isStructural(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' || isMissing(issue)
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('undefined')
}

function alternative(issue: Issue): string {
  const text = issue.code === 'invalid_union' ? '几种写法之一 one of several forms' : expectation(issue)
  return issue.path.length === 0 ? text : `${issue.path.map(String).join('.')}: ${text}`
}

/** What was expected there, said plainly, Chinese first. */
function expectation(issue: Issue): string {
  const options = /^Invalid discriminator value. E(.*)/s.exec(issue.message)?.[1]
  return options === undefined ? issueText(issue) : `应为 e${options}`
}
