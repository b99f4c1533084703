import { child, type Cursor, decimal, instant, items, text } from './cursor.js'
import { Fault } from './fault.js'
import { type Parts } from './integer-parts.js'
import { scaledInteger } from './rational.js'

/** What a meter measured, or what was given, over [from, to). */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly energies: Parts
}

export interface Edge {
  readonly child: string
  readonly parent: string
  readonly from: number
  readonly to: number
  /** Millionths of a `share`, kWh e4 of a `quantity`, else zero. */
  readonly amount: bigint
  readonly kind: 'main_sub' | 'deducted' | 'share' | 'quantity'
  readonly path: string
}

/** Whether the child has no meter of its own. */
export function isGift({ kind }: Edge): boolean {
  return kind === 'share' || kind === 'quantity'
}

/** In the order in which they are listed, which decides who gets a rest that cannot be split. */
export function readEdges(relations: Cursor): readonly Edge[] {
  return items(child(relations, 'relations')).map((relation) => {
    const kind = child(relation, 'kind')
    const edge = {
      child: text(child(relation, 'child')),
      parent: text(child(relation, 'parent')),
      from: instant(child(relation, 'from')),
      to: instant(child(relation, 'to')),
      path: relation.path,
    }
    if (edge.from >= edge.to) throw new Fault(child(relation, 'to').path, 'later than its beginning', 'earlier')
    const name = text(kind)
    switch (name) {
      case 'main_sub':
      case 'deducted':
        return { ...edge, kind: name, amount: 0n }
      case 'share':
        return { ...edge, kind: name, amount: wholeUnits(child(relation, 'share'), 6) }
      case 'quantity':
        return { ...edge, kind: name, amount: wholeUnits(child(relation, 'quantity'), 4) }
      default:
        throw new Fault(kind.path, 'a relation the checker knows', name)
    }
  })
}

function wholeUnits(cursor: Cursor, decimals: number): bigint {
  const units = scaledInteger(decimal(cursor), decimals)
  if (units === null || units <= 0n) throw new Fault(cursor.path, `a positive decimal of ${decimals} places`, 'another')
  return units
}

/** Energy of [from, to): all of it is measured, and no stretch reaches over either end. */
export function energiesWithin(
  stretches: readonly Stretch[],
  { from, to, path }: { readonly from: number; readonly to: number; readonly path: string },
): Parts {
  const inside = stretches.filter((stretch) => stretch.from < to && stretch.to > from)
  const isCut = inside.some((stretch) => stretch.from < from || stretch.to > to)
  const measured = inside.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0)
  if (isCut || measured !== to - from) throw new Fault(path, 'readings at both of its ends', 'none')
  return total(inside)
}

export function total(stretches: readonly Stretch[]): Parts {
  const sum = (register: 0 | 1 | 2 | 3 | 4) => stretches.reduce((all, { energies }) => all + energies[register], 0n)
  return [sum(0), sum(1), sum(2), sum(3), sum(4)]
}
