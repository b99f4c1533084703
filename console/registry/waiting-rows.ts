import type { ListName } from '../../mdm/registry/document-lists.js'
import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import type { Draft } from '../../mdm/registry/judge-drafts.js'
import { type DraftRow, placeOf } from './draft-row.js'
import { titleOf } from './list-titles.js'
import { isOfMissingSheet, rowsByDraft } from './row-outcomes.js'

/** Rows that stay out for the sake of one row, or of a sheet that is not there. */
export interface Waiting {
  readonly file: string
  readonly sheet: string
  readonly row: number | null
  readonly rows: number
}

/** How many rows wait for each cause, most first; one that waits for two causes counts for both. */
export function waitingRows(
  rows: readonly DraftRow[],
  { outcomes }: DraftImport,
  lists: ReadonlySet<ListName>,
): readonly Waiting[] {
  const rowOf = rowsByDraft(rows, outcomes)
  if (rowOf.size === 0) return []
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.draft, outcome]))
  const counts = new Map<Draft | ListName, number>()
  const roots = createRootFinder(outcomeOf, lists)
  for (const { draft, outcome } of outcomes)
    if (outcome === 'left_out' || outcome === 'refused')
      for (const root of roots(draft)) if (root !== draft) counts.set(root, (counts.get(root) ?? 0) + 1)
  const file = rows[0]?.sheet.file ?? ''
  return [...counts]
    .map(([root, count]): Waiting => {
      if (typeof root === 'string') return { file, sheet: titleOf(root), row: null, rows: count }
      const row = rowOf.get(root)
      return { ...(row === undefined ? { file, sheet: titleOf(root.list), row: null } : placeOf(row)), rows: count }
    })
    .sort((a, b) => b.rows - a.rows)
}

/** The rows and sheets in which something is wrong, and for which a row waits in the end. */
function createRootFinder(outcomeOf: ReadonlyMap<Draft, DraftOutcome>, lists: ReadonlySet<ListName>) {
  const found = new Map<Draft, ReadonlySet<Draft | ListName>>()
  const rootsOf = (draft: Draft): ReadonlySet<Draft | ListName> => {
    const known = found.get(draft)
    if (known !== undefined) return known
    found.set(draft, new Set())
    const roots = new Set<Draft | ListName>()
    for (const problem of outcomeOf.get(draft)?.problems ?? []) {
      if (problem.because !== undefined) for (const root of rootsOf(problem.because)) roots.add(root)
      else if (problem.names !== undefined && isOfMissingSheet(problem, lists)) roots.add(problem.names.list)
      else roots.add(draft)
    }
    found.set(draft, roots)
    return roots
  }
  return rootsOf
}
