import { present } from '../../domain/result.js'

/**
 * Prepares each item while the one before is worked on, and no more than one ahead. An item whose preparation fails ends the walk when its
 * turn comes; one that is being prepared when the walk ends is waited for, so that what it uses can be closed.
 */
export async function* oneAhead<Item, Prepared>(
  items: readonly Item[],
  prepare: (item: Item) => Promise<Prepared>,
): AsyncGenerator<readonly [item: Item, prepared: Prepared], void, undefined> {
  let next: Promise<Prepared> | null = null
  const begin = (index: number): Promise<Prepared> | null => {
    const item = items[index]
    if (item === undefined) return null
    const begun = prepare(item)
    // Whoever takes it sees the failure; until then it waits for its turn.
    begun.catch(() => undefined)
    return begun
  }
  try {
    next = begin(0)
    for (const [index, item] of items.entries()) {
      const prepared = await present(next, `what was prepared for item ${index}`)
      next = begin(index + 1)
      yield [item, prepared]
    }
  } finally {
    await next?.catch(() => undefined)
  }
}
