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
}

/** Splits the wanted rows into new objects and contradicted ones; what is there with the same content needs nothing. */
export function planImport(wanted: RegistryRows, existing: RegistryRows): ImportPlan {
  const codes = codesById(wanted)
  const tables = registryTableNames.map((table) => planTable(table, wanted[table], existing[table], codes))
  return {
    inserts: tables.map(({ table, rows }) => ({ table, rows })),
    contradictions: tables.flatMap(({ contradictions }) => contradictions),
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
    else if (!sameContent(there, group))
      contradictions.push({ table, object, code: calledBy(table, group, codes), differs: differing(there, group) })
  }
  return { table, rows, contradictions }
}

function keyOf(row: Row, columns: readonly string[]): string {
  return columns.map((column) => stableJson(row[column] ?? null).replaceAll('"', '')).join(' ')
}

/** Only the columns that a document states are compared: recorded time and actor differ between two imports of one file. */
function sameContent(existing: readonly Row[], wanted: readonly Row[]): boolean {
  const columns = Object.keys(existing[0] ?? {}).sort()
  const contentOf = (rows: readonly Row[]): string =>
    rows
      .map((row) => stableJson(columns.map((column) => row[column] ?? null)))
      .sort()
      .join('\n')
  return contentOf(existing) === contentOf(wanted)
}

/** Columns of which the two sides hold different sets of values. */
function differing(existing: readonly Row[], wanted: readonly Row[]): readonly string[] {
  const valuesOf = (rows: readonly Row[], column: string): string =>
    rows
      .map((row) => stableJson(row[column] ?? null))
      .sort()
      .join('\n')
  const columns = Object.keys(existing[0] ?? {})
  return columns.filter((column) => valuesOf(existing, column) !== valuesOf(wanted, column))
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
  return columns.map((column) => codes.get(`${column} ${keyOf(row, [column])}`) ?? keyOf(row, [column])).join(' ')
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return bigintAsText(key, part)
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
