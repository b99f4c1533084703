import { UserError } from '../../domain/errors.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { documentLists } from '../../mdm/registry/document-lists.js'
import type { ImportCounts, ImportError } from '../../mdm/registry/import-registry.js'
import { registryTableNames } from '../../storage/registry/tables.js'
import type { OpeningContradiction } from '../../storage/registry/opening-contradictions.js'
import { openingsJson, sayContradictions } from '../registry/contradictions-text.js'
import { differingText } from '../registry/differing-text.js'
import { titleOf } from '../registry/list-titles.js'
import type { Io } from './io.js'
import { toJson } from './json.js'
import { textTable } from './table.js'

export interface DocumentReport {
  readonly file: string
  readonly document: unknown
  readonly json: boolean
  readonly isRehearsal?: boolean
}

/** One thing that is wrong with one entry of a document. */
interface Refusal {
  readonly path: string
  readonly code: string | null
  readonly problem: string
}

const mostRefusals = 50
export function sayDocument(io: Io, document: RegistryDocument, json: boolean): void {
  const sizes = Object.values(documentLists).map((list) => ({ list, size: document[list]?.length ?? 0 }))
  if (json)
    return io.out(toJson({ ok: true, entries: Object.fromEntries(sizes.map(({ list, size }) => [list, size])) }))
  const rows = sizes.filter(({ size }) => size > 0).map(({ list, size }) => [titleOf(list), size])
  io.out(textTable(['档案 list', '条 entries'], rows))
}

/** What an import did, or would have done: how many entries of each list are new. */
export function sayImported(
  io: Io,
  { document, json, isRehearsal = false }: DocumentReport,
  counts: ImportCounts,
  openings: readonly OpeningContradiction[] = [],
): void {
  const lists = registryTableNames.map((table) => {
    const list = documentLists[table]
    const total = entriesOf(document, list).length
    return { list, added: counts[table], known: total - counts[table] }
  })
  if (json) return io.out(toJson({ ok: true, dryRun: isRehearsal, lists, ...openingsJson(openings) }))
  const rows = lists
    .filter(({ added, known }) => added + known > 0)
    .map(({ list, added, known }) => [titleOf(list), added, known])
  io.out(textTable(['档案 list', '新 new', '已有 known'], rows))
  sayContradictions(io, openings)
  const added = lists.reduce((sum, each) => sum + each.added, 0)
  if (added === 0) io.err('没有新内容，档案未变 nothing new: the registry is as it was')
  else if (isRehearsal) io.err('仅试运行，未写入 a dry run: nothing was written')
}

/**
 * Says everything that is wrong, entry by entry.
 * @throws UserError bad_input for a document that is wrong in itself, refused for one that contradicts the registry.
 */
export function refuseDocument(io: Io, { file, document, json }: DocumentReport, error: ImportError): never {
  const refusals = refusalsOf(error, document)
  if (json) io.out(toJson({ ok: false, kind: error.kind, problems: refusals }))
  else {
    for (const { path, code, problem } of refusals.slice(0, mostRefusals))
      io.out(`${path}${code === null ? '' : ` (${code})`}: ${problem}`)
    if (refusals.length > mostRefusals) io.out(`… 另有 ${refusals.length - mostRefusals} 条 more; --json 全部 all`)
  }
  const [first] = refusals
  const place = first === undefined ? '' : `${first.path}: ${first.problem}; `
  if (error.kind === 'invalid_document')
    throw new UserError('bad_input', `${file}: ${place}${refusals.length} 处错误，未导入 problems, nothing is taken in`)
  throw new UserError(
    'refused',
    `${file}: ${refusals.length} 处与档案不符，未导入 entries contradict the registry, nothing is taken in`,
  )
}

/** Whether a document that nobody has checked yet names somebody among its actors. */
export function namesActor(document: unknown, actor: string): boolean {
  return entriesOf(document, 'actors').some((entry) => textOf(entry, 'actor') === actor)
}

function refusalsOf(error: ImportError, document: unknown): readonly Refusal[] {
  if (error.kind === 'contradicts_registry')
    return error.contradictions.map(({ table, code, differs }) => ({
      path: documentLists[table],
      code,
      problem: `档案中已有，内容不同 is in the registry with another ${differingText(documentLists[table], differs)}`,
    }))
  return error.problems.map(({ path, problem }) => ({
    path: path || '(top level)',
    code: codeAt(document, path),
    problem,
  }))
}

/** What people call the entry at a path such as `meters.3.model`. */
function codeAt(document: unknown, path: string): string | null {
  const [list = '', index = ''] = path.split('.')
  const entry = entriesOf(document, list)[Number(index)]
  return (
    textOf(entry, 'code') ?? textOf(entry, 'actor') ?? textOf(entry, 'usagePoint') ?? textOf(entry, 'account') ?? null
  )
}

function entriesOf(document: unknown, list: string): readonly unknown[] {
  const value = fieldOf(document, list)
  return Array.isArray(value) ? value : []
}

function textOf(entry: unknown, field: string): string | null {
  const value = fieldOf(entry, field)
  return typeof value === 'string' ? value : null
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(field) : null
}
