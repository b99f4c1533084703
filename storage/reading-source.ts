import { type ReadingSource, readingSources } from '../domain/reading.js'
import { present } from '../domain/result.js'

const byCode = new Map(Object.entries(readingSources).map(([name, code]) => [code as number, name as ReadingSource]))

/** The source whose stored number this is. */
export function toReadingSource(code: number): ReadingSource {
  return present(byCode.get(code), `reading source ${code}`)
}
