import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { err, ok, type Result } from './result.js'
import { issueText } from './schema-issue.js'

/** What is wrong with a document that somebody wrote: the line, the key and what was expected there. */
export interface DocumentError {
  readonly kind: 'invalid_yaml'
  /** Counted from 1; null where the document as a whole is meant. */
  readonly line: number | null
  /** Keys from the top, list places from 0; `(top level)` for the whole, `YAML` for text that is none. */
  readonly path: string
  readonly reason: string
}

/** The checked content of YAML text, or its first mistake. */
export function readYaml<T>(text: string, schema: z.ZodType<T>): Result<T, DocumentError> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) return mistake(lineCounter.linePos(error.pos[0]).line, 'YAML', error.message)
  const content = contentOf(document)
  if (!content.ok) return content
  const parsed = schema.safeParse(content.value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const reason = issue === undefined ? '' : issueText(issue)
  return mistake(lineOf(document, path, lineCounter), path.join('.') || '(top level)', reason)
}

/** A reason may quote the text, however long that is. */
const longestReason = 300

/** As `file:line: path: reason`. */
export function documentErrorText(file: string, { line, path, reason }: Omit<DocumentError, 'kind'>): string {
  return `${file}${line === null ? '' : `:${line}`}: ${path}: ${reason}`
}

function contentOf(document: ReturnType<typeof parseDocument>): Result<unknown, DocumentError> {
  try {
    return ok(document.toJS())
  } catch (error) {
    // What the library throws for aliases that multiply without end.
    return mistake(null, '(top level)', error instanceof Error ? error.message : 'no YAML')
  }
}

/** The line of the deepest key on the way to a place that is there: a missing key has none of its own. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  lineCounter: LineCounter,
): number | null {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lineCounter.linePos(Number(node.range[0])).line
  }
  return null
}

function mistake(line: number | null, path: string, reason: string): Result<never, DocumentError> {
  return err({ kind: 'invalid_yaml', line, path, reason: reason.slice(0, longestReason) })
}
