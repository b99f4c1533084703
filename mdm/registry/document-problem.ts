import type { z } from 'zod'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { issueText } from '../../domain/schema-issue.js'

/** What is wrong with a document, at a path such as `meters.3.registerDigits`. */
export interface DocumentProblem {
  readonly path: string
  readonly problem: string
  readonly code?: EntryProblemCode
  /** The entry that is named and is not there. */
  readonly names?: NamedEntry
  /** Codes that may have been meant. */
  readonly nearest?: readonly string[]
  /** Paths of other entries that have their part in it: which of them is wrong, a program cannot know. */
  readonly others?: readonly string[]
}
export interface NamedEntry {
  readonly list: keyof RegistryDocument
  readonly code: string
  /** Nothing of the kind is known at all, neither to the document nor to the registry. */
  readonly isListEmpty: boolean
}
/** What entries say wrongly of each other, for programs. */
export type EntryProblemCode =
  | 'there_twice'
  | 'unknown_code'
  | 'unknown_tariff'
  | 'stretches_overlap'
  | 'ends_before_start'
  | 'part_of_itself'
  | 'described_in_two_ways'
  | 'does_not_add_up'
  | 'still_to_come'
  | 'told_late'
export interface InvalidDocument {
  readonly kind: 'invalid_document'
  readonly problems: readonly DocumentProblem[]
}

/** What a schema makes of text that came from outside, or all that is wrong with its shape. */
export function parseWith<T>(schema: z.ZodType<T>, input: unknown): Result<T, InvalidDocument> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issueText(issue) }))
  return err({ kind: 'invalid_document', problems })
}
