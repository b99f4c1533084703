import { groupBy } from '../../domain/group-by.js'
import type { OrganisationEntry } from '../../domain/organisation-entries.js'
import type { RelationEntry, TransformerEntry } from '../../domain/usage-point-entries.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import { overlapIn } from '../../domain/timeline.js'
import type { LegibleDocument } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** Relations by which a usage point is a part of itself, organisations that are above themselves, and transformers that are described in two ways. */
export function relationProblems(document: LegibleDocument): readonly DocumentProblem[] {
  return [
    ...cycles(document.relations ?? []),
    ...ownAncestors(document.organisations ?? []),
    ...twoNameplates(document.transformers ?? []),
  ]
}

interface Edge {
  readonly index: number
  readonly child: string
  readonly parent: string
  readonly from: Instant
  readonly to: Instant | null
  readonly value: null
}

/**
 * A cycle is there while all its relations hold. A child has one parent at an instant, so that the walk up from each relation, with
 * the time that is left, finds every cycle; each is told of its relation that stands last.
 */
function* cycles(relations: readonly Partial<RelationEntry>[]): Generator<DocumentProblem> {
  const stated = groupBy(relations.flatMap(toEdge), ({ child }) => child)
  // Parents at the same time are told of elsewhere; walks through all of them would have no end.
  const byChild = new Map([...stated].filter(([, edges]) => overlapIn(edges) === null))
  const edges = [...byChild.values()].flat().sort((a, b) => a.index - b.index)
  for (const edge of edges) {
    const path = pathBackTo(edge, byChild)
    if (path === null || path.some(({ index }) => index > edge.index)) continue
    const codes = [...path.map(({ child }) => child), edge.child].join(' > ')
    yield {
      path: `relations.${edge.index}.parent`,
      problem: `${codes}: a usage point is a part of itself`,
      code: 'part_of_itself',
      others: path.filter((other) => other !== edge).map(({ index }) => `relations.${index}`),
    }
  }
}

interface Walk {
  readonly path: readonly Edge[]
  readonly from: number
  readonly to: number
}

function pathBackTo(start: Edge, byChild: ReadonlyMap<string, readonly Edge[]>): readonly Edge[] | null {
  const open: Walk[] = [{ path: [start], from: start.from, to: start.to ?? Number.POSITIVE_INFINITY }]
  for (let walk = open.pop(); walk !== undefined; walk = open.pop()) {
    const reached = walk.path.at(-1)?.parent ?? ''
    if (reached === start.child) return walk.path
    for (const edge of byChild.get(reached) ?? []) {
      const from = Math.max(walk.from, edge.from)
      const to = Math.min(walk.to, edge.to ?? Number.POSITIVE_INFINITY)
      if (from < to && !walk.path.includes(edge)) open.push({ path: [...walk.path, edge], from, to })
    }
  }
  return null
}

function toEdge({ usagePoint: child, parent, from, to }: Partial<RelationEntry>, index: number): readonly Edge[] {
  if (child === undefined || parent === undefined || from === undefined) return []
  return [{ index, child, parent, from: Date.parse(from), to: to === undefined ? null : Date.parse(to), value: null }]
}

/** Organisations of a tree have no beginning where one is above itself. */
function* ownAncestors(organisations: readonly Partial<OrganisationEntry>[]): Generator<DocumentProblem> {
  const parents = new Map(organisations.map(({ code, parent }) => [code, parent]))
  for (const [index, { code }] of organisations.entries()) {
    if (code === undefined) continue
    const above = new Set<string>()
    for (let at = parents.get(code); at !== undefined && !above.has(at); at = parents.get(at)) above.add(at)
    if (above.has(code))
      yield { path: `organisations.${index}.parent`, problem: `${code} is above itself`, code: 'part_of_itself' }
  }
}

/** Usage points share a transformer's losses by its code, so that all of them have to say the same of it. */
function* twoNameplates(transformers: readonly Partial<TransformerEntry>[]): Generator<DocumentProblem> {
  const first = new Map<string, { readonly plate: string; readonly index: number }>()
  for (const [index, entry] of transformers.entries()) {
    const { transformer, ratedKva, noLoadLossKw, loadLossKw, noLoadCurrentPercent, impedancePercent } = entry
    if (transformer === undefined || ratedKva === undefined || noLoadLossKw === undefined || loadLossKw === undefined)
      continue
    const texts = [noLoadLossKw, loadLossKw, noLoadCurrentPercent, impedancePercent]
    const plate = [ratedKva, ...texts.map((text) => (text === undefined ? null : parseScaled(text, 4)))].join(' ')
    const other = first.get(transformer) ?? { plate, index }
    first.set(transformer, other)
    if (other.plate !== plate)
      yield {
        path: `transformers.${index}.transformer`,
        problem: `${transformer} is described in two ways`,
        code: 'described_in_two_ways',
        others: [`transformers.${other.index}`],
      }
  }
}
