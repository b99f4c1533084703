import { z } from 'zod'

/** How far a source can be relied on, best first; U: nothing public says so, it is our own choice. */
export const grades = ['A', 'B', 'C', 'D', 'E', 'U'] as const

export const gradeSchema = z
  .enum(grades)
  .describe(
    'A: notice read in full; B: notice known through a summary or repost; C: textbook; D: public software; E: weak page; U: nothing public says so.',
  )

/** Where a single cell stands, by its path: `model.prices.peak`, `model.blocks.1.upTo`. */
export const evidenceSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, '应为路径 a path such as model.prices.peak'),
    z.strictObject({ source: z.string().min(1), grade: gradeSchema, note: z.string().min(1).optional() }),
  )
  .describe('Source and grade of single cells, by their path: model.prices.peak.')
export type Evidence = z.infer<typeof evidenceSchema>

/** Whether there is a cell of that path in a part of a tariff. */
export function hasCell(part: unknown, path: string): boolean {
  return cellAt(part, path) !== undefined
}

/** What stands at a path; undefined where nothing does. */
export function cellAt(part: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isNode(at) && Object.hasOwn(at, key) ? at[key] : undefined), part)
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object'
}
