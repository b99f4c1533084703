import type { RegistryDocument } from '../../domain/registry-document.js'
import { invariant, present } from '../../domain/result.js'
import type { Database, Transaction } from '../../storage/database.js'
import { readFrozenUntil } from '../../storage/registry/affected-accounts.js'
import { lockRegistry } from '../../storage/registry/changes.js'
import { readRegistryContent, type RegistryRows, registryTableNames } from '../../storage/registry/tables.js'
import { type ListName, documentLists, objectOf } from './document-lists.js'
import { toDocument } from './export-registry.js'
import { insertPlan, type LookAtImport } from './import-registry.js'
import { documentOf, type Draft, type DraftProblem, judgeDrafts, type Refusals, type Times } from './judge-drafts.js'
import { type ImportPlan, planImport } from './plan-import.js'
import { type Stamp, toRegistryRows } from './registry-rows.js'
import { pointsBegun } from './told-late.js'
import { loadKnownTariffs } from './load-known-tariffs.js'
import type { KnownTariffs } from './tariff-problems.js'

export interface DraftImport {
  /** Whether anything could be written: false while a draft is refused and good ones are not accepted alone. */
  readonly isAccepted: boolean
  /** Of each draft, in their order. */
  readonly outcomes: readonly DraftOutcome[]
  /** Whether codes of tariffs could be compared: not while no tariff is on record. */
  readonly areTariffsKnown: boolean
}
/**
 * `taken`: goes in; `exists`: is there with the same content; `refused`; `left_out`: for the sake of a refused one; `held_back`: good,
 * but all or nothing was asked for.
 */
export interface DraftOutcome {
  readonly draft: Draft
  readonly outcome: 'taken' | 'exists' | 'refused' | 'left_out' | 'held_back'
  readonly problems: readonly DraftProblem[]
}
export interface DraftImportOptions {
  readonly acceptGoodRows: boolean
  /** Tries everything and leaves the registry as it was. */
  readonly isRehearsal: boolean
  /** Tariffs that agreements may name before they are adopted. */
  readonly tariffsToCome?: readonly string[]
  readonly look?: LookAtImport
}

/** Takes drafts into the registry in one transaction: all of them or none, or those that are good with all that they need. */
export async function importDrafts(
  database: Database,
  drafts: readonly Draft[],
  options: DraftImportOptions,
  stamp: Stamp,
): Promise<DraftImport> {
  const rollBack = new Error('rehearsed')
  let done: DraftImport | null = null
  try {
    return await database.transaction(async (tx) => {
      done = await takeDrafts(tx, drafts, options, stamp)
      if (options.isRehearsal) throw rollBack
      return done
    })
  } catch (error) {
    if (error !== rollBack || done === null) throw error
    return done
  }
}

/** What can be said of drafts without a database: every entry that they name has to be among them. */
export function checkDrafts(drafts: readonly Draft[]): DraftImport {
  const refusals = judgeDrafts(drafts, documentOf([]), null)
  const isAccepted = refusals.size === 0
  const outcomes = outcomesOf(drafts, refusals, () => (isAccepted ? 'taken' : 'held_back'))
  return { isAccepted, outcomes, areTariffsKnown: false }
}

async function takeDrafts(
  tx: Transaction,
  drafts: readonly Draft[],
  options: DraftImportOptions,
  stamp: Stamp,
): Promise<DraftImport> {
  await lockRegistry(tx)
  const existing = await readRegistryContent(tx)
  const tariffs = await loadKnownTariffs(tx, options.tariffsToCome)
  const there = toDocument(existing, null)
  const points = existing.usage_point.length === 0 ? [] : pointsBegun(documentOf(drafts), there)
  const times = { now: stamp.recordedAt, frozenUntil: await readFrozenUntil(tx, points) }
  const { plan, rows, refusals, news } = planDrafts(drafts, { existing, there, tariffs, times }, stamp)
  const isAccepted = refusals.size === 0 || (options.acceptGoodRows && !isListMissing(refusals))
  if (isAccepted) {
    await insertPlan(tx, rows, plan)
    await options.look?.(tx)
  }
  const ofGood = (place: number) => (news[place] === 1 ? (isAccepted ? 'taken' : 'held_back') : 'exists')
  return { isAccepted, outcomes: outcomesOf(drafts, refusals, ofGood), areTariffsKnown: tariffs.onRecord.size > 0 }
}

/** A whole list that is nowhere has most often another name in the file: nobody can say what else is missing. */
function isListMissing(refusals: Refusals): boolean {
  return [...refusals.values()].some((problems) => problems.some(({ names }) => names?.isListEmpty === true))
}

/** What drafts are judged beside. */
interface Beside {
  readonly existing: RegistryRows
  /** The same as a document. */
  readonly there: RegistryDocument
  readonly tariffs: KnownTariffs
  readonly times: Times
}

/** Drafts that say something else of an object that is there are refused, which may leave out others; then it is planned anew. */
function planDrafts(drafts: readonly Draft[], { existing, there, tariffs, times }: Beside, stamp: Stamp) {
  let judged = drafts
  for (;;) {
    const refusals = judgeDrafts(judged, there, tariffs, times)
    const document = documentOf(refusals.size === 0 ? judged : judged.filter((draft) => !refusals.has(draft)))
    const rows = toRegistryRows(document, existing, stamp)
    const plan = planImport(document, rows, existing)
    if (plan.contradictions.length === 0)
      return { plan, rows, refusals: ofOriginals(drafts, judged, refusals), news: newsIn(plan, judged, refusals) }
    const refused = refuseContradicted(judged, plan)
    invariant(
      refused.some((draft, index) => draft !== judged[index]),
      'a contradiction names one of the rows',
    )
    judged = refused
  }
}

function refuseContradicted(drafts: readonly Draft[], { contradictions }: ImportPlan): readonly Draft[] {
  const differs = new Map(
    contradictions.map(({ table, code, differs: fields }) => [`${documentLists[table]} ${code}`, fields]),
  )
  return drafts.map((draft) => {
    const fields = differs.get(`${draft.list} ${objectOf(draft.list, draft.entry)}`)
    if (fields === undefined || draft.problems.length > 0) return draft
    return { ...draft, problems: [{ field: '', problem: 'is in the registry otherwise', differs: fields }] }
  })
}

/** Refusals by the drafts that came in: copies with a problem stand in their places. */
function ofOriginals(originals: readonly Draft[], judged: readonly Draft[], refusals: Refusals): Refusals {
  if (judged === originals) return refusals
  const original = new Map(judged.map((draft, index) => [draft, originals[index] ?? draft]))
  const problemsOf = (problems: readonly DraftProblem[]) =>
    problems.map(({ because, beside, ...problem }) => ({
      ...problem,
      ...(because === undefined ? {} : { because: original.get(because) ?? because }),
      ...(beside === undefined ? {} : { beside: original.get(beside) ?? beside }),
    }))
  return new Map([...refusals].map(([draft, problems]) => [original.get(draft) ?? draft, problemsOf(problems)]))
}

const tableOf = new Map(registryTableNames.map((table) => [documentLists[table], table]))

/** By place of the draft, 1 where it is news: a plan counts the entries of each list, which good drafts are in their order. */
function newsIn(plan: ImportPlan, drafts: readonly Draft[], refusals: Refusals): Uint8Array {
  const counts = new Map<ListName, number>()
  return Uint8Array.from(drafts, (draft) => {
    if (refusals.has(draft)) return 0
    const place = counts.get(draft.list) ?? 0
    counts.set(draft.list, place + 1)
    return plan.isNew(present(tableOf.get(draft.list), draft.list), place) ? 1 : 0
  })
}

const none: readonly DraftProblem[] = []

function outcomesOf(
  drafts: readonly Draft[],
  refusals: Refusals,
  ofGood: (place: number) => DraftOutcome['outcome'],
): readonly DraftOutcome[] {
  return drafts.map((draft, place) => {
    const problems = refusals.get(draft)
    if (problems === undefined) return { draft, outcome: ofGood(place), problems: none }
    const isLeftOut = draft.problems.length === 0 && problems.every(({ because }) => because !== undefined)
    return { draft, outcome: isLeftOut ? 'left_out' : 'refused', problems }
  })
}
