import { bigintAsText } from '../../domain/bigint-as-text.js'
import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Row } from '../../storage/insert-rows.js'
import {
  type RegistryRows,
  type RegistryTableName,
  registryTableNames,
  registryTables,
} from '../../storage/registry/tables.js'
import { fieldOfColumn } from './column-field.js'
import { documentLists, objectOf, plainText } from './document-lists.js'
import type { RowSources } from './registry-rows.js'

/** An object that the registry already holds with another content. */
export interface Contradiction {
  readonly table: RegistryTableName
  /** What people call it. */
  readonly code: string
  /** Fields in which the registry says something else than the document; none where it has another number of entries. */
  readonly differs: readonly string[]
}
export interface ImportPlan {
  readonly contradictions: readonly Contradiction[]
  /** Whether the entry at a place of the table's list is of an object that the registry does not hold. */
  readonly isNew: (table: RegistryTableName, place: number) => boolean
}

/** Tells new objects from contradicted ones; what is there with the same content needs nothing. */
export function planImport(document: RegistryDocument, wanted: RowSources, existing: RegistryRows): ImportPlan {
  const tables = new Map(
    registryTableNames.map((table) => [table, planTable(table, document, wanted[table], existing[table])] as const),
  )
  return {
    contradictions: [...tables.values()].flatMap(({ contradictions }) => contradictions),
    isNew: (table, place) => tables.get(table)?.there?.[place] !== 1,
  }
}

interface TablePlan {
  /** 1 at the places of objects that the registry holds; null where it holds none. */
  readonly there: Uint8Array | null
  readonly contradictions: readonly Contradiction[]
}

function planTable(
  table: RegistryTableName,
  document: RegistryDocument,
  wanted: Iterable<Row>,
  existing: readonly Row[],
): TablePlan {
  if (existing.length === 0) return { there: null, contradictions: [] }
  const entries = document[documentLists[table]] ?? []
  const there = new Uint8Array(entries.length)
  const contradictions: Contradiction[] = []
  const rivals = existing[0]?.['revision'] === undefined ? objectsOf(table, existing) : timelinesOf(table, existing)
  for (const { rows, held, places } of rivals(wanted)) {
    for (const place of places) there[place] = 1
    if (isKnown(held, rows)) continue
    const code = objectOf(documentLists[table], { ...entries[places[0] ?? 0] })
    contradictions.push({ table, code, differs: differing(held, rows).map(fieldOfColumn) })
  }
  return { there, contradictions }
}

/** Wanted rows of an object that is there, with their places, and what is there of it. */
interface Rivals {
  readonly rows: readonly Row[]
  readonly held: readonly Row[]
  readonly places: readonly number[]
}

/** An object without revisions is one row. */
function objectsOf(table: RegistryTableName, existing: readonly Row[]) {
  const known = new Map<string, Row>()
  for (const row of existing) known.set(keyOf(table, row), row)
  return function* (wanted: Iterable<Row>): Generator<Rivals> {
    let place = 0
    for (const row of wanted) {
      const held = known.get(keyOf(table, row))
      if (held !== undefined) yield { rows: [row], held: [held], places: [place] }
      place += 1
    }
  }
}

/** The stretches of a timeline are compared together, wherever they stand. */
function timelinesOf(table: RegistryTableName, existing: readonly Row[]) {
  const known = groupBy(existing, (row) => keyOf(table, row))
  return function* (wanted: Iterable<Row>): Generator<Rivals> {
    const found = new Map<string, { readonly rows: Row[]; readonly places: number[] }>()
    let place = 0
    for (const row of wanted) {
      const object = keyOf(table, row)
      if (known.has(object)) {
        const group = found.get(object) ?? { rows: [], places: [] }
        found.set(object, group)
        group.rows.push(row)
        group.places.push(place)
      }
      place += 1
    }
    for (const [object, group] of found) yield { ...group, held: known.get(object) ?? [] }
  }
}

function keyOf(table: RegistryTableName, row: Row): string {
  const [first, ...more] = registryTables[table].object
  const key = plainText(row[first])
  return more.length === 0 ? key : [key, ...more.map((column) => plainText(row[column]))].join(' ')
}

/**
 * Whether the registry held all of this in one revision of the object, the first or a later one: what was exported once is no news.
 * Only the columns that a document states are compared: recorded time and actor differ between two imports of one file.
 */
function isKnown(existing: readonly Row[], wanted: readonly Row[]): boolean {
  const columns = contentColumns(existing)
  const isSame = (a: Row, b: Row) => columns.every((column) => isSameValue(a[column] ?? null, b[column] ?? null))
  const revisions = groupBy(existing, (row) => plainText(row['revision']))
  return [...revisions.values()].some((rows) => wanted.every((row) => rows.some((held) => isSame(row, held))))
}

/** Columns of which the last revision holds other values than what is wanted. */
function differing(existing: readonly Row[], wanted: readonly Row[]): readonly string[] {
  const last = Math.max(...existing.map((row) => Number(row['revision'] ?? 0)))
  const rows = existing.filter((row) => Number(row['revision'] ?? 0) === last)
  return contentColumns(existing).filter((column) =>
    wanted.some((row) => !rows.some((held) => isSameValue(row[column] ?? null, held[column] ?? null))),
  )
}

function contentColumns([row = {}]: readonly Row[]): readonly string[] {
  return Object.keys(row).filter((column) => column !== 'revision')
}

function isSameValue(a: unknown, b: unknown): boolean {
  return a === b || stableJson(a) === stableJson(b)
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return bigintAsText(key, part)
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
