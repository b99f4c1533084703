import { child, type Cursor, day, isAbsent } from '../cursor.js'

/** First day that a version no longer covers: what it says, or where one begins that succeeds it; null until further notice. */
export function endOf(version: Cursor, versions: readonly Cursor[]): string | null {
  const validTo = child(version, 'validTo')
  if (!isAbsent(validTo)) return day(validTo)
  const begin = (one: Cursor) => day(child(one, 'validFrom'))
  const next = versions
    .filter((one) => begin(one) > begin(version))
    .reduce<Cursor | null>((first, one) => (first === null || begin(one) < begin(first) ? one : first), null)
  return next !== null && child(next, 'succeeds').value === true ? begin(next) : null
}
