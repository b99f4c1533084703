/** Things to give back, in the reverse order of their taking. Running it twice does nothing the second time. */
export interface Cleanup {
  readonly add: (act: () => Promise<void> | void) => void
  readonly run: () => Promise<void>
}

export function createCleanup(): Cleanup {
  const acts: (() => Promise<void> | void)[] = []
  return {
    add: (act) => void acts.push(act),
    async run() {
      for (let act = acts.pop(); act !== undefined; act = acts.pop()) await act()
    },
  }
}
