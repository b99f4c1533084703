import { parseRational, type Rational } from '../../domain/rational.js'

/** Texts that are kept; a run has some hundreds. */
const mostKept = 10_000
const kept = new Map<string, Rational | null>()

/** The number that a text of a tariff is, null for a name. Tariffs ask the same few texts with each bill, so each is read once. */
export function constantOf(text: string): Rational | null {
  const known = kept.get(text)
  if (known !== undefined) return known
  if (kept.size >= mostKept) kept.clear()
  const read = parseRational(text)
  kept.set(text, read)
  return read
}
