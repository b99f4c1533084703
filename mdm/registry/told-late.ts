import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Instant } from '../../domain/time.js'
import { type LegibleDocument, objectOf, plainText } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** Lists on whose entries the quantities of usage points rest. */
const lists = ['installations', 'multipliers', 'agreements', 'relations', 'flows', 'transformers'] as const

interface Begun {
  readonly path: string
  /** The usage point, and whose part it is said to be. */
  readonly points: readonly string[]
  readonly from: Instant
}

/** Entries of what the registry does not have yet; what it has says the same, or is refused as a contradiction. */
function begunIn(document: LegibleDocument, existing: RegistryDocument): readonly Begun[] {
  return lists.flatMap((list) => {
    const held = new Set((existing[list] ?? []).map((entry) => objectOf(list, { ...entry })))
    const entries: readonly Readonly<Record<string, unknown>>[] = document[list] ?? []
    return entries.flatMap((entry, index): readonly Begun[] => {
      const from = Date.parse(plainText(entry['from']))
      if (Number.isNaN(from) || held.has(objectOf(list, entry))) return []
      const points = [entry['usagePoint'], entry['parent']].map(plainText).filter((point) => point !== '')
      return [{ path: `${list}.${index}.from`, points, from }]
    })
  })
}

/** Codes of the usage points about which an import begins something. */
export function pointsBegun(document: LegibleDocument, existing: RegistryDocument): readonly string[] {
  return [...new Set(begunIn(document, existing).flatMap(({ points }) => points))]
}

/**
 * What an import begins at a time for which accounts of the usage point were frozen already: `registry change` tells it, with what rests on
 * it, and by two people where that was billed. `frozenUntil` by usage point.
 */
export function toldLate(
  document: LegibleDocument,
  existing: RegistryDocument,
  frozenUntil: ReadonlyMap<string, Instant>,
): readonly DocumentProblem[] {
  if (frozenUntil.size === 0) return []
  return begunIn(document, existing).flatMap(({ path, points, from }): readonly DocumentProblem[] => {
    const until = Math.max(...points.map((point) => frozenUntil.get(point) ?? Number.NEGATIVE_INFINITY))
    if (from >= until) return []
    const problem = `其户已冻结至 accounts there are frozen until ${new Date(until).toISOString()}`
    return [{ path, problem, code: 'told_late' }]
  })
}
