/**
 * Works on each item while `read` goes on to the next one, and no more than one ahead. A failure of `work` ends the reading when the next
 * item comes.
 */
export async function whileReadingOn<Item>(
  work: (item: Item) => Promise<void>,
  read: (take: (item: Item) => Promise<void>) => Promise<void>,
): Promise<void> {
  let working = Promise.resolve()
  try {
    await read(async (item) => {
      await working
      working = work(item)
      // Whoever waits for it sees the failure; until then it waits for its turn.
      working.catch(() => undefined)
    })
  } finally {
    await working
  }
}
