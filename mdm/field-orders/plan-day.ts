import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import { moneyOnce } from '../exceptions/money-once.js'
import { urgencyFen } from '../exceptions/yuan-at-risk.js'

export interface Visitable {
  readonly fieldOrderId: string
  /** Where the crew goes; orders of one place are one visit. */
  readonly place: string
  readonly area: string
  readonly address: string
  /** Which bill its money is of: several orders of one account and month put the same bill at risk. */
  readonly bill: string
  readonly riskFen: bigint
  readonly dueAt: Instant
}

/**
 * The orders of a crew's day: the places with most money by the day that is left, as many as the crew can reach, in the order of a walk.
 * Ties go to the order that is due first, then by place, so that the plan is the same whoever makes it.
 */
export function planDay<T extends Visitable>(
  orders: readonly T[],
  { now, visits }: { readonly now: Instant; readonly visits: number },
): readonly T[] {
  const places = [...groupBy(orders, ({ place }) => place)].map(([place, there]) => ({
    place,
    there,
    urgency: moneyOnce(
      there,
      ({ bill }) => bill,
      ({ riskFen, dueAt }) => urgencyFen(riskFen, dueAt, now),
    ),
    dueAt: Math.min(...there.map(({ dueAt }) => dueAt)),
  }))
  return places
    .toSorted((a, b) => compare(b.urgency, a.urgency) || a.dueAt - b.dueAt || compare(a.place, b.place))
    .slice(0, visits)
    .flatMap(({ there }) => there)
    .toSorted(
      (a, b) =>
        compare(a.area, b.area) || compare(a.address, b.address) || compare(a.place, b.place) || a.dueAt - b.dueAt,
    )
}

function compare<V extends bigint | string>(a: V, b: V): number {
  return a === b ? 0 : a < b ? -1 : 1
}
