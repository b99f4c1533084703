import { plainText } from './document-lists.js'
import { bigintAsText } from '../../domain/bigint-as-text.js'
import { groupBy } from '../../domain/group-by.js'
import type { Row } from '../../storage/insert-rows.js'
import {
  type RegistryRows,
  type RegistryTableName,
  registryTableNames,
  registryTables,
} from '../../storage/registry/tables.js'

/** An object that the registry already holds with another content. */
export interface Contradiction {
  readonly table: RegistryTableName
  readonly object: string
  /** What people call it. */
  readonly code: string
  /** Columns in which the registry says something else than the document. */
  readonly differs: readonly string[]
}
export interface ImportPlan {
  readonly inserts: readonly { readonly table: RegistryTableName; readonly rows: readonly Row[] }[]
  readonly contradictions: readonly Contradiction[]
  /** All rows that were wanted, in the order of the document. */
  readonly wanted: readonly { readonly table: RegistryTableName; readonly rows: readonly Row[] }[]
}

/** Splits the wanted rows into new objects and contradicted ones; what is there with the same content needs nothing. */
export function planImport(wanted: RegistryRows, existing: RegistryRows): ImportPlan {
  // A row may name an owner that only the registry knows.
  const codes = new Map([...codesById(existing), ...codesById(wanted)])
  const tables = registryTableNames.map((table) => planTable(table, wanted[table], existing[table], codes))
  return {
    inserts: tables.map(({ table, rows }) => ({ table, rows })),
    contradictions: tables.flatMap(({ contradictions }) => contradictions),
    wanted: registryTableNames.map((table) => ({ table, rows: wanted[table] })),
  }
}

function planTable(
  table: RegistryTableName,
  wanted: readonly Row[],
  existing: readonly Row[],
  codes: ReadonlyMap<string, string>,
) {
  const objectOf = (row: Row): string => keyOf(row, registryTables[table].object)
  const known = groupBy(existing, objectOf)
  const rows: Row[] = []
  const contradictions: Contradiction[] = []
  for (const [object, group] of groupBy(wanted, objectOf)) {
    const there = known.get(object)
    if (there === undefined) rows.push(...group)
    else if (!isKnown(there, group))
      contradictions.push({ table, object, code: calledBy(table, group, codes), differs: differing(there, group) })
  }
  return { table, rows, contradictions }
}

function keyOf(row: Row, columns: readonly string[]): string {
  return columns.map((column) => stableJson(row[column] ?? null).replaceAll('"', '')).join(' ')
}

/**
 * Whether the registry held all of this in one revision of the object, the first or a later one: what was exported once is no news.
 * Only the columns that a document states are compared: recorded time and actor differ between two imports of one file.
 */
function isKnown(existing: readonly Row[], wanted: readonly Row[]): boolean {
  const columns = contentColumns(existing)
  const contentOf = (row: Row): string => stableJson(columns.map((column) => row[column] ?? null))
  const revisions = groupBy(existing, (row) => plainText(row['revision']))
  return [...revisions.values()].some((rows) => {
    const known = new Set(rows.map(contentOf))
    return wanted.every((row) => known.has(contentOf(row)))
  })
}

/** Columns of which the last revision holds other values than what is wanted. */
function differing(existing: readonly Row[], wanted: readonly Row[]): readonly string[] {
  const last = Math.max(...existing.map((row) => Number(row['revision'] ?? 0)))
  const rows = existing.filter((row) => Number(row['revision'] ?? 0) === last)
  const valuesOf = (column: string): ReadonlySet<string> => new Set(rows.map((row) => stableJson(row[column] ?? null)))
  return contentColumns(existing).filter((column) => {
    const values = valuesOf(column)
    return wanted.some((row) => !values.has(stableJson(row[column] ?? null)))
  })
}

function contentColumns([row = {}]: readonly Row[]): readonly string[] {
  return Object.keys(row).filter((column) => column !== 'revision')
}

/** Tables that identify an object by the surrogate of another one. */
const owners = {
  usage_point_id: 'usage_point',
  account_id: 'account',
  transformer_area_id: 'transformer_area',
  meter_id: 'meter',
  crew_id: 'crew',
} as const satisfies Readonly<Record<string, RegistryTableName>>

function codesById(rows: RegistryRows): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(owners).flatMap(([column, table]) =>
      rows[table].map((row) => [`${column} ${keyOf(row, [column])}`, keyOf(row, ['code'])] as const),
    ),
  )
}

function calledBy(table: RegistryTableName, [row = {}]: readonly Row[], codes: ReadonlyMap<string, string>): string {
  const columns = registryTables[table].object
  const part = (column: string): string => (row[column] === null ? '' : keyOf(row, [column]))
  return columns.map((column) => codes.get(`${column} ${keyOf(row, [column])}`) ?? part(column)).join(' ')
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return bigintAsText(key, part)
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
