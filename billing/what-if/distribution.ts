/** Lower bounds in fen of how much a bill changes, either way; below the first it does not. */
const boundsFen = [1n, 100n, 500n, 1000n, 2000n, 5000n, 10_000n] as const

/** Accounts whose bills change by [from, below) fen; `below` is null in the outermost bins. */
export interface ChangeBin {
  readonly fromFen: bigint | null
  readonly belowFen: bigint | null
  readonly accounts: number
}

/** Accounts by how much their bills change, from the largest decrease to the largest increase. */
export interface Distribution {
  readonly add: (changeFen: bigint, accounts: number) => void
  readonly bins: () => readonly ChangeBin[]
}

export function createDistribution(): Distribution {
  const decreases = boundsFen.map((_, index, all) => ({
    fromFen: index === all.length - 1 ? null : 1n - (all[index + 1] ?? 0n),
    belowFen: 1n - (all[index] ?? 0n),
  }))
  const increases = boundsFen.map((fromFen, index, all) => ({ fromFen, belowFen: all[index + 1] ?? null }))
  const bins = [...decreases.toReversed(), { fromFen: 0n, belowFen: 1n }, ...increases].map((bin) => ({
    ...bin,
    accounts: 0,
  }))
  const holds = ({ fromFen, belowFen }: ChangeBin, changeFen: bigint) =>
    (fromFen === null || fromFen <= changeFen) && (belowFen === null || changeFen < belowFen)
  return {
    add(changeFen, accounts) {
      const bin = bins.find((one) => holds(one, changeFen))
      if (bin !== undefined) bin.accounts += accounts
    },
    bins: () => bins,
  }
}
