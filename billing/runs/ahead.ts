import { present } from '../../domain/result.js'

/** So that of two shards that nobody writes yet one is read while the other is rated, or both are rated. */
export const mostAhead = 2

/**
 * Prepares the next items while one is worked on, and no more than two ahead. An item whose preparation fails ends the walk when its turn
 * comes; what is being prepared when the walk ends is waited for, so that what it uses can be closed.
 */
export async function* ahead<Item, Prepared>(
  items: readonly Item[],
  prepare: (item: Item) => Promise<Prepared>,
): AsyncGenerator<readonly [item: Item, prepared: Prepared], void, undefined> {
  const begun: Promise<Prepared>[] = []
  const begin = (item: Item): void => {
    const preparing = prepare(item)
    // Whoever takes it sees the failure; until then it waits for its turn.
    preparing.catch(() => undefined)
    begun.push(preparing)
  }
  try {
    for (const item of items.slice(0, mostAhead)) begin(item)
    for (const [index, item] of items.entries()) {
      const prepared = await present(begun.shift(), `what was prepared for item ${index}`)
      for (const next of items.slice(index + mostAhead, index + mostAhead + 1)) begin(next)
      yield [item, prepared]
    }
  } finally {
    await Promise.allSettled(begun)
  }
}
