import { groupBy } from '../../domain/group-by.js'
import type {
  OrganisationEntry,
  RegistryDocument,
  RelationEntry,
  TransformerEntry,
} from '../../domain/registry-document.js'
import type { DocumentProblem } from './registry-document-schema.js'

/** Relations by which a usage point is a part of itself, organisations that are above themselves, and transformers that are described in two ways. */
export function relationProblems(document: RegistryDocument): readonly DocumentProblem[] {
  return [
    ...cycles(document.relations ?? []),
    ...ownAncestors(document.organisations),
    ...twoNameplates(document.transformers ?? []),
  ]
}

interface Edge {
  readonly index: number
  readonly child: string
  readonly parent: string
  readonly from: number
  readonly to: number
}

/**
 * A cycle is there while all its relations hold. A child has one parent at an instant, so that the walk up from each relation, with
 * the time that is left, finds every cycle; each is told of its relation that stands last.
 */
function* cycles(relations: readonly RelationEntry[]): Generator<DocumentProblem> {
  const edges = relations.map(toEdge)
  const byChild = groupBy(edges, ({ child }) => child)
  for (const edge of edges) {
    const path = pathBackTo(edge, byChild)
    if (path === null || path.some(({ index }) => index > edge.index)) continue
    const codes = [...path.map(({ child }) => child), edge.child].join(' > ')
    yield { path: `relations.${edge.index}.parent`, problem: `${codes}: a usage point is a part of itself` }
  }
}

interface Walk {
  readonly path: readonly Edge[]
  readonly from: number
  readonly to: number
}

function pathBackTo(start: Edge, byChild: ReadonlyMap<string, readonly Edge[]>): readonly Edge[] | null {
  const open: Walk[] = [{ path: [start], from: start.from, to: start.to }]
  for (let walk = open.pop(); walk !== undefined; walk = open.pop()) {
    const reached = walk.path.at(-1)?.parent ?? ''
    if (reached === start.child) return walk.path
    for (const edge of byChild.get(reached) ?? []) {
      const from = Math.max(walk.from, edge.from)
      const to = Math.min(walk.to, edge.to)
      if (from < to && !walk.path.includes(edge)) open.push({ path: [...walk.path, edge], from, to })
    }
  }
  return null
}

function toEdge({ usagePoint: child, parent, from, to }: RelationEntry, index: number): Edge {
  return {
    index,
    child,
    parent,
    from: Date.parse(from),
    to: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  }
}

/** Organisations of a tree have no beginning where one is above itself. */
function* ownAncestors(organisations: readonly OrganisationEntry[]): Generator<DocumentProblem> {
  const parents = new Map(organisations.map(({ code, parent }) => [code, parent]))
  for (const [index, { code }] of organisations.entries()) {
    const above = new Set<string>()
    for (let at = parents.get(code); at !== undefined && !above.has(at); at = parents.get(at)) above.add(at)
    if (above.has(code)) yield { path: `organisations.${index}.parent`, problem: `${code} is above itself` }
  }
}

/** Usage points share a transformer's losses by its code, so that all of them have to say the same of it. */
function* twoNameplates(transformers: readonly TransformerEntry[]): Generator<DocumentProblem> {
  const first = new Map<string, string>()
  for (const [index, entry] of transformers.entries()) {
    const { transformer, ratedKva, noLoadLossKw, loadLossKw, noLoadCurrentPercent, impedancePercent } = entry
    const plate = JSON.stringify([ratedKva, noLoadLossKw, loadLossKw, noLoadCurrentPercent, impedancePercent])
    const other = first.get(transformer)
    first.set(transformer, other ?? plate)
    if (other !== undefined && other !== plate)
      yield { path: `transformers.${index}.transformer`, problem: `${transformer} is described in two ways` }
  }
}
