/**
 * The groups in which points hang together, however many links lie between them: the smallest point of the group for each point that has a
 * link. Links go both ways.
 */
export function connected(links: readonly (readonly [bigint, bigint])[]): ReadonlyMap<bigint, bigint> {
  const above = new Map<bigint, bigint>()
  const rootOf = (point: bigint): bigint => {
    let root = point
    for (let next = above.get(root); next !== undefined && next !== root; next = above.get(root)) root = next
    for (let at = point; at !== root; ) {
      const next = above.get(at) ?? root
      above.set(at, root)
      at = next
    }
    return root
  }
  for (const [a, b] of links) {
    const [one, other] = [rootOf(a), rootOf(b)]
    const root = one < other ? one : other
    above.set(one, root)
    above.set(other, root)
  }
  return new Map([...above.keys()].map((point) => [point, rootOf(point)]))
}
