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
}
export interface ImportPlan {
  readonly inserts: readonly { readonly table: RegistryTableName; readonly rows: readonly Row[] }[]
  readonly contradictions: readonly Contradiction[]
}

/** Splits the wanted rows into new objects and contradicted ones; what is there with the same content needs nothing. */
export function planImport(wanted: RegistryRows, existing: RegistryRows): ImportPlan {
  const tables = registryTableNames.map((table) => planTable(table, wanted[table], existing[table]))
  return {
    inserts: tables.map(({ table, rows }) => ({ table, rows })),
    contradictions: tables.flatMap(({ contradictions }) => contradictions),
  }
}

function planTable(table: RegistryTableName, wanted: readonly Row[], existing: readonly Row[]) {
  const objectOf = (row: Row): string => keyOf(row, registryTables[table].object)
  const known = groupBy(existing, objectOf)
  const rows: Row[] = []
  const contradictions: Contradiction[] = []
  for (const [object, group] of groupBy(wanted, objectOf)) {
    const there = known.get(object)
    if (there === undefined) rows.push(...group)
    else if (!sameContent(there, group)) contradictions.push({ table, object })
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

function stableJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return bigintAsText(key, part)
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
