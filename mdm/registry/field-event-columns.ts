import type { FieldEventEntry } from '../../domain/meter-entries.js'

/** What the table holds of an entry beside its meter. */
export function fieldEventColumns(entry: FieldEventEntry) {
  return {
    occurred_at: Date.parse(entry.at),
    event: entry.event,
    person: entry.person,
    seals_found: entry.sealsFound ?? [],
    seals_placed: entry.sealsPlaced ?? [],
    document: entry.document,
    detail: entry.detail ?? null,
  }
}
