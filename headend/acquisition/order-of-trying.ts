import type { OpenRead } from './line-reader.js'

/**
 * The order in which due points of one line are tried: what a bill waits for comes first, then the due midnight of all meters comes before
 * anybody's backlog, newest first. `groupOf` tells meters apart for which the port must be set differently: the newest midnight goes
 * through the groups in one direction and the backlog in the other, so that a pass changes the setting as seldom as it can, and ends
 * where the next one begins.
 */
export function inOrderOfTrying(
  due: readonly OpenRead[],
  groupOf: (due: OpenRead) => string = () => '',
): readonly OpenRead[] {
  const newest = due.reduce((latest, { readAt }) => Math.max(latest, readAt), Number.NEGATIVE_INFINITY)
  const direction = ({ readAt }: OpenRead) => (readAt === newest ? 1 : -1)
  return due.toSorted(
    (a, b) =>
      (a.rank ?? 0) - (b.rank ?? 0) ||
      Number(a.readAt !== newest) - Number(b.readAt !== newest) ||
      direction(a) * compare(groupOf(a), groupOf(b)) ||
      b.readAt - a.readAt ||
      compare(a.meterId, b.meterId),
  )
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b)
}
