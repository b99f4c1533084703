/** A number of places; who finds none waits for the next that is given back, in the order of asking. */
export interface Slots {
  readonly take: () => Promise<void>
  readonly giveBack: () => void
}

export function createSlots(places: number): Slots {
  let free = places
  const waiting: (() => void)[] = []
  return {
    take() {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
    giveBack() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}
