/** So many suggestions help; more are a list to search through. */
const mostTexts = 3

/**
 * Known texts that somebody may have meant, nearest first: those that at most every third character of the written one keeps apart,
 * in any case. Ties by text.
 */
export function nearestTexts(written: string, known: Iterable<string>): readonly string[] {
  const wanted = written.toLowerCase()
  const most = Math.max(1, Math.floor(wanted.length / 3))
  const near: { readonly text: string; readonly distance: number }[] = []
  for (const text of known) {
    if (Math.abs(text.length - wanted.length) > most) continue
    const distance = editDistance(wanted, text.toLowerCase())
    if (distance <= most) near.push({ text, distance })
  }
  return near
    .sort((a, b) => a.distance - b.distance || (a.text < b.text ? -1 : 1))
    .slice(0, mostTexts)
    .map(({ text }) => text)
}

/** Characters to put in, take out or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let index = 0; index < a.length; index++) {
    const next = [index + 1]
    for (let column = 0; column < b.length; column++) {
      const replaced = (row[column] ?? 0) + (a[index] === b[column] ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
