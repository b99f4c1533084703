import type { RegistryDocument } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Database, Transaction } from '../../storage/database.js'
import { readFrozenUntil } from '../../storage/registry/affected-accounts.js'
import { lockRegistry } from '../../storage/registry/changes.js'
import type { Row } from '../../storage/insert-rows.js'
import {
  insertRegistryRows,
  readRegistryContent,
  registryTableNames,
  type RegistryTableName,
} from '../../storage/registry/tables.js'
import { rehearse } from '../../storage/tentatively.js'
import { toDocument } from './export-registry.js'
import { stillToCome } from './still-to-come.js'
import { loadKnownTariffs } from './load-known-tariffs.js'
import { type Contradiction, type ImportPlan, planImport } from './plan-import.js'
import { problemsBetween } from './problems-between.js'
import type { InvalidDocument } from './document-problem.js'
import { parseRegistryDocument } from './registry-document-schema.js'
import { type RowSources, type Stamp, toRegistryRows } from './registry-rows.js'
import { pointsBegun, toldLate } from './told-late.js'
import { tariffProblems } from './tariff-problems.js'

/** How many rows went into each table; all zero when the document was there already. */
export type ImportCounts = Readonly<Record<RegistryTableName, number>>
export type ImportError =
  | InvalidDocument
  | { readonly kind: 'contradicts_registry'; readonly contradictions: readonly Contradiction[] }

/** Looks at what went in before it is committed, or rolled back after a rehearsal. */
export type LookAtImport = (tx: Transaction) => Promise<void>
export const lookAway: LookAtImport = () => Promise.resolve()

/**
 * Takes a master data document into the registry, all of it or nothing. The same document again changes nothing; one that says
 * something else of an object that is there is refused. The document must be whole: it may name only what it contains.
 */
export async function importRegistry(
  database: Database,
  document: unknown,
  stamp: Stamp,
  tariffsToCome: readonly string[] = [],
  look: LookAtImport = lookAway,
): Promise<Result<ImportCounts, ImportError>> {
  const checked = checkRegistryDocument(document)
  if (!checked.ok) return checked
  return database.transaction((tx) => takeIn(tx, checked.value, stamp, { tariffsToCome, look }))
}

/** Answers what an import would, having tried it, and leaves everything as it was. */
export async function rehearseImport(
  database: Database,
  document: unknown,
  stamp: Stamp,
  tariffsToCome: readonly string[] = [],
  look: LookAtImport = lookAway,
): Promise<Result<ImportCounts, ImportError>> {
  const checked = checkRegistryDocument(document)
  if (!checked.ok) return checked
  return rehearse(database, (tx) => takeIn(tx, checked.value, stamp, { tariffsToCome, look }))
}

/** What can be said of a document without a database: its shape, and what its objects say of each other. */
export function checkRegistryDocument(document: unknown): Result<RegistryDocument, InvalidDocument> {
  const parsed = parseRegistryDocument(document)
  if (!parsed.ok) return parsed
  const problems = problemsBetween(parsed.value)
  return problems.length > 0 ? err({ kind: 'invalid_document', problems }) : parsed
}

async function takeIn(
  tx: Transaction,
  document: RegistryDocument,
  stamp: Stamp,
  { tariffsToCome, look }: { readonly tariffsToCome: readonly string[]; readonly look: LookAtImport },
): Promise<Result<ImportCounts, ImportError>> {
  await lockRegistry(tx)
  const existing = await readRegistryContent(tx)
  const tariffs = await loadKnownTariffs(tx, tariffsToCome)
  const there = toDocument(existing, null)
  const points = existing.usage_point.length === 0 ? [] : pointsBegun(document, there)
  const problems = [
    ...tariffProblems(document.agreements, tariffs, there.agreements),
    ...stillToCome(document, stamp.recordedAt),
    ...toldLate(document, there, await readFrozenUntil(tx, points)),
  ]
  if (problems.length > 0) return err({ kind: 'invalid_document', problems })
  const rows = toRegistryRows(document, existing, stamp)
  const plan = planImport(document, rows, existing)
  if (plan.contradictions.length > 0) return err({ kind: 'contradicts_registry', contradictions: plan.contradictions })
  const counts = await insertPlan(tx, rows, plan)
  await look(tx)
  return ok(counts)
}

/** Writes the rows of new objects, table by table in the order of their foreign keys. */
export async function insertPlan(tx: Transaction, sources: RowSources, plan: ImportPlan): Promise<ImportCounts> {
  const counts: [string, number][] = []
  for (const table of registryTableNames)
    counts.push([table, await insertRegistryRows(tx, table, newRows(table, sources, plan))])
  return Object.fromEntries(counts) as ImportCounts
}

function* newRows(table: RegistryTableName, sources: RowSources, { isNew }: ImportPlan): Generator<Row> {
  let place = 0
  for (const row of sources[table]) if (isNew(table, place++)) yield row
}
