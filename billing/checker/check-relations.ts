import { child, type Cursor, instant, items, localMidnight, text } from './cursor.js'
import { Fault } from './fault.js'
import {
  isNegative,
  less,
  nothing,
  type Parts,
  plus,
  roundedQuotient,
  split,
  spread,
  takenOff,
} from './integer-parts.js'
import { type Edge, energiesWithin, isGift, readEdges, type Stretch, total } from './relation-graph.js'

const wholeShare = 1_000_000n

interface Group {
  readonly from: number
  readonly to: number
  readonly edges: readonly Edge[]
  /** What meters measured, by usage point. */
  readonly measured: ReadonlyMap<string, readonly Stretch[]>
}

interface Gift extends Stretch {
  readonly edge: Edge
}

/** What relations give a usage point or take off it, by the name under which it is rated; what is taken off is negative. */
export type RelationParts = ReadonlyMap<string, Parts>

/** What a usage point bears, and what of that came by relations. */
export interface Borne {
  readonly energies: Parts
  readonly parts: RelationParts
}

/**
 * What the account's usage point bears, worked out again in whole numbers: what its own meters measured or its parents give it; less fixed
 * quantities, then shares of what they leave, then deducted children. Children with meters never measured more than their parent.
 * @param stretchesOf decodes and adds up the segments of another usage point.
 */
export function checkRelations(
  relations: Cursor,
  own: readonly Stretch[],
  stretchesOf: (segments: Cursor) => readonly Stretch[],
  bill: Cursor,
): Borne {
  const point = text(child(relations, 'point'))
  const others = items(child(relations, 'points')).map(
    (other) => [text(child(other, 'point')), stretchesOf(child(other, 'segments'))] as const,
  )
  const measured = new Map(own.length === 0 ? others : [...others, [point, own] as const])
  const edges = readEdges(relations)
  const group = { from: instant(child(relations, 'from')), to: instant(child(relations, 'to')), edges, measured }
  const beginning = originOf(group, point, relations.path)
  if (own.length === 0) requireWhole(beginning, bill, relations.path)
  const gifts = giftsOf(group, point, beginning)
  const { left, off, common } = deduct(
    group,
    point,
    { beginning, left: less(total(beginning), total(gifts)) },
    relations.path,
  )
  const given = own.length === 0 ? originGifts(group, point, relations.path) : []
  return { energies: left, parts: partsOf(given, gifts, { off, common }) }
}

const giftNames = { share: 'relation_share', quantity: 'fixed_quantity' } as const

function partsOf(
  given: readonly Gift[],
  taken: readonly Gift[],
  { off, common }: Pick<Deducted, 'off' | 'common'>,
): RelationParts {
  const parts = new Map<string, Parts>()
  const add = (name: string, part: Parts) => parts.set(name, plus(parts.get(name) ?? nothing, part))
  for (const [gifts, sign] of [
    [given, plus],
    [taken, less],
  ] as const)
    for (const { edge, energies } of gifts)
      add(edge.kind === 'share' ? giftNames.share : giftNames.quantity, sign(nothing, energies))
  if (off !== null) add('relation_deducted', less(nothing, off))
  if (common !== null) add('relation_common', common)
  return parts
}

/** What an account without a meter is given is for all of its period. */
function requireWhole(given: readonly Stretch[], bill: Cursor, path: string): void {
  const period = { from: localMidnight(child(bill, 'periodFrom')), to: localMidnight(child(bill, 'periodTo')), path }
  if (given.some(({ from, to }) => from < period.from || to > period.to))
    throw new Fault(path, 'the period of the bill', 'more')
  energiesWithin(given, period)
}

/** What a usage point begins with. */
function originOf(group: Group, point: string, path: string, below: readonly string[] = []): readonly Stretch[] {
  if (below.includes(point)) throw new Fault(path, 'no usage point that is a part of itself', point)
  const givers = group.edges.filter((edge) => edge.child === point && isGift(edge))
  const measured = group.measured.get(point)
  if (givers.length === 0 && measured !== undefined && measured.length > 0) return measured
  if (givers.length === 0 || measured !== undefined)
    throw new Fault(path, `either meters or a parent of ${point}`, measured === undefined ? 'neither' : 'both')
  return originGifts(group, point, path, below)
}

/** What the parents of a usage point without meters give it. */
function originGifts(group: Group, point: string, path: string, below: readonly string[] = []): readonly Gift[] {
  const givers = group.edges.filter((edge) => edge.child === point && isGift(edge))
  return [...new Set(givers.map(({ parent }) => parent))].flatMap((parent) =>
    giftsOf(group, parent, originOf(group, parent, path, [...below, point])).filter(({ edge }) => edge.child === point),
  )
}

/** What children without meters get of a parent, between any two instants at which one of them begins or ends. */
function giftsOf(group: Group, parent: string, stretches: readonly Stretch[]): readonly Gift[] {
  const gifts = group.edges.filter((edge) => edge.parent === parent && isGift(edge))
  const instants = [...new Set(gifts.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b)
  return instants.slice(0, -1).flatMap((from, index) => {
    const to = instants[index + 1] ?? from
    const active = gifts.filter((edge) => edge.from <= from && to <= edge.to)
    const [first] = active
    if (first === undefined) return []
    return giveOut(energiesWithin(stretches, { from, to, path: first.path }), active, { ...group, from, to }, group)
  })
}

function giveOut(
  energies: Parts,
  active: readonly Edge[],
  { from, to }: { readonly from: number; readonly to: number },
  period: { readonly from: number; readonly to: number },
): readonly Gift[] {
  let left = energies
  const quantities = active.filter(({ kind }) => kind === 'quantity')
  const fixed = quantities.map((edge) => {
    const until = (at: number) =>
      roundedQuotient(edge.amount * BigInt(at - period.from), BigInt(period.to - period.from))
    const given = spread(until(to) - until(from), left)
    left = less(left, given)
    if (isNegative(left)) throw new Fault(edge.path, 'no more than was measured', 'more')
    return { edge, from, to, energies: given }
  })
  const sharing = active.filter(({ kind }) => kind === 'share')
  const rest = sharing.reduce((sum, { amount }) => sum - amount, wholeShare)
  if (rest < 0n) throw new Fault(sharing[0]?.path ?? '', 'shares of one whole', 'more')
  const registers = left.map((energy) => split(energy, [...sharing.map(({ amount }) => amount), rest]))
  const shares = sharing.map((edge, place) => {
    const [all = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = registers.map((parts) => parts[place] ?? 0n)
    return { edge, from, to, energies: [all, tou1, tou2, tou3, tou4] as const }
  })
  return [...fixed, ...shares]
}

interface Deducted {
  readonly left: Parts
  /** What deducted children take off; null without such. */
  readonly off: Parts | null
  /** What the parent measured beyond its children; null where none of them is told of so. */
  readonly common: Parts | null
}

function deduct(
  group: Group,
  parent: string,
  { beginning, left: before }: { readonly beginning: readonly Stretch[]; readonly left: Parts },
  path: string,
): Deducted {
  let [left, children]: [Parts, Parts] = [before, nothing]
  let off: Parts | null = null
  const metered = group.edges.filter((one) => one.parent === parent && !isGift(one))
  for (const edge of metered) {
    const energies = energiesWithin(originOf(group, edge.child, edge.path), edge)
    children = plus(children, energies)
    if (edge.kind === 'deducted') {
      const taken = takenOff(left, energies)
      left = less(left, taken)
      off = plus(off ?? nothing, taken)
    }
    if (isNegative(left)) throw new Fault(edge.path, 'no more than was measured', 'more')
  }
  const measured = total(beginning)
  if (measured[0] < children[0]) throw new Fault(path, 'children that measured no more than their parent', 'more')
  const isTold = metered.some(({ kind }) => kind === 'main_sub')
  return { left, off, common: isTold ? less(measured, children) : null }
}
