interface Validity {
  readonly validFrom: string
  readonly validTo?: string | undefined
  readonly succeeds?: true | undefined
}

/**
 * Versions as they hold once others have followed: one without an end, after which one comes that says `succeeds`, ends where that one begins.
 * All else stays as it is, an overlap as well. In the order in which they are given.
 */
export function ended<V extends Validity>(versions: readonly V[]): readonly V[] {
  const inOrder = versions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  const ends = new Map(inOrder.map((version, index) => [version, endOf(version, inOrder[index + 1])]))
  return versions.map((version) => {
    const validTo = ends.get(version)
    return validTo === version.validTo ? version : { ...version, validTo }
  })
}

function endOf({ validTo }: Validity, next: Validity | undefined): string | undefined {
  return validTo ?? (next?.succeeds === true ? next.validFrom : undefined)
}
