/** Things to give back, in the reverse order of their taking. Whoever asks again waits until all is given back; nothing is given back twice. */
export interface Cleanup {
  readonly add: (act: () => Promise<void> | void) => void
  readonly run: () => Promise<void>
}

export function createCleanup(): Cleanup {
  const acts: (() => Promise<void> | void)[] = []
  let running = Promise.resolve()
  const drain = async () => {
    for (let act = acts.pop(); act !== undefined; act = acts.pop()) await act()
  }
  return {
    add: (act) => void acts.push(act),
    run() {
      running = running.then(drain)
      return running
    },
  }
}
