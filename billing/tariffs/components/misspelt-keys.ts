/** A key that was expected or not, and where it stands. */
export interface KeyDefect {
  readonly path: string
  readonly is: 'missing' | 'unknown'
}

/**
 * Keys that are missing beside an unknown one of nearly the same letters: by the path of the unknown one, the path of the one that it stands
 * for. Each key stands for one other at the most.
 */
export function misspeltKeys(defects: readonly KeyDefect[]): ReadonlyMap<string, string> {
  const meant = new Map<string, string>()
  const missing = new Set(defects.filter(({ is }) => is === 'missing').map(({ path }) => path))
  for (const { path, is } of defects) {
    if (is !== 'unknown') continue
    const near = [...missing].find(
      (other) => parentOf(other) === parentOf(path) && isNear(keyOf(other).toLowerCase(), keyOf(path).toLowerCase()),
    )
    if (near === undefined) continue
    meant.set(path, near)
    missing.delete(near)
  }
  return meant
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1)
}

export function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

const mostEdits = 2

/** At most so many letters put in, left out or exchanged. */
function isNear(a: string, b: string): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return (row[b.length] ?? 0) <= mostEdits
}
