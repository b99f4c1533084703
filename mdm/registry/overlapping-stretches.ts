import { type LegibleDocument, type ListName, textIn } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/**
 * Stretches that end before they begin, and those that share an instant with an earlier one of the same fields; each of these is told
 * of once, beside the one that reaches furthest. What cannot be dated is passed over.
 */
export function* overlaps(
  document: LegibleDocument,
  list: ListName,
  fields: readonly string[],
): Generator<DocumentProblem> {
  const entries = document[list] ?? []
  for (const [index, entry] of entries.entries())
    if (endOf(entry) <= startOf(entry))
      yield { path: `${list}.${index}.to`, problem: 'expected an instant after from', code: 'ends_before_start' }
  for (const [name, group] of sharing(entries, fields)) {
    let [furthest] = group
    for (const later of group.slice(1)) {
      const [one = {}, two = {}] = [entries[furthest ?? 0], entries[later]]
      if (startOf(two) < endOf(one))
        yield {
          path: `${list}.${later}`,
          problem: `overlaps ${list}.${furthest} for ${fields.join(' ')} ${name}`,
          code: 'stretches_overlap',
          others: [`${list}.${furthest}`],
        }
      if (endOf(two) > endOf(one)) furthest = later
    }
  }
}

/** Indexes of entries that share the fields with another one, in order of time. Most share them with none, and need no group. */
function* sharing(entries: readonly object[], fields: readonly string[]): Generator<readonly [string, number[]]> {
  const last = new Map<string, number>()
  const before = new Int32Array(entries.length).fill(-1)
  for (const [index, entry] of entries.entries()) {
    const values = fields.map((field) => textIn(entry, field))
    // One that ends before it begins is told of as that.
    if (values.includes(undefined) || !(startOf(entry) < endOf(entry))) continue
    const name = values.join(' ')
    before[index] = last.get(name) ?? -1
    last.set(name, index)
  }
  for (const [name, end] of last) {
    if (before[end] === -1) continue
    const group: number[] = []
    for (let index = end; index >= 0; index = before[index] ?? -1) group.push(index)
    yield [name, group.sort((a, b) => startOf(entries[a] ?? {}) - startOf(entries[b] ?? {}) || a - b)]
  }
}

function startOf(entry: object): number {
  return Date.parse(textIn(entry, 'from') ?? '')
}

function endOf(entry: object): number {
  const to = textIn(entry, 'to')
  return to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to)
}
