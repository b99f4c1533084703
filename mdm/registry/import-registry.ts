import { err, ok, type Result } from '../../domain/result.js'
import type { Database, Transaction } from '../../storage/database.js'
import { insertRegistryRows, readRegistryContent, type RegistryTableName } from '../../storage/registry/tables.js'
import { type Contradiction, planImport } from './plan-import.js'
import { problemsBetween } from './problems-between.js'
import { type InvalidDocument, parseRegistryDocument } from './registry-document-schema.js'
import { type Stamp, toRegistryRows } from './registry-rows.js'

/** How many rows went into each table; all zero when the document was there already. */
export type ImportCounts = Readonly<Record<RegistryTableName, number>>
export type ImportError =
  | InvalidDocument
  | { readonly kind: 'contradicts_registry'; readonly contradictions: readonly Contradiction[] }

/**
 * Takes a master data document into the registry, all of it or nothing. The same document again changes nothing; one that says
 * something else of an object that is there is refused. The document must be whole: it may name only what it contains.
 */
export async function importRegistry(
  database: Database,
  document: unknown,
  stamp: Stamp,
): Promise<Result<ImportCounts, ImportError>> {
  const parsed = parseRegistryDocument(document)
  if (!parsed.ok) return parsed
  const problems = problemsBetween(parsed.value)
  if (problems.length > 0) return err({ kind: 'invalid_document', problems })
  return database.transaction(async (tx) => {
    const existing = await readRegistryContent(tx)
    const plan = planImport(toRegistryRows(parsed.value, existing, stamp), existing)
    if (plan.contradictions.length > 0)
      return err({ kind: 'contradicts_registry', contradictions: plan.contradictions })
    return ok(await insertPlan(tx, plan.inserts))
  })
}

async function insertPlan(tx: Transaction, inserts: ReturnType<typeof planImport>['inserts']): Promise<ImportCounts> {
  const counts: [string, number][] = []
  for (const { table, rows } of inserts) counts.push([table, await insertRegistryRows(tx, table, rows)])
  return Object.fromEntries(counts) as ImportCounts
}
