import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Instant } from '../../domain/time.js'
import { type LegibleDocument, type ListName, listNames, objectOf, plainText } from './document-lists.js'
import { stillToCome } from './still-to-come.js'
import { toldLate } from './told-late.js'
import { openingProblems } from './opening-items.js'
import { problemsBetween, problemsOfEntries } from './problems-between.js'
import type { DocumentProblem, EntryProblemCode, NamedEntry } from './document-problem.js'
import { type KnownTariffs, tariffProblems } from './tariff-problems.js'

/** One row that somebody wants in the registry: an entry of a list, or what could be read of one. */
export interface Draft {
  readonly list: ListName
  readonly entry: Readonly<Record<string, unknown>>
  /** What is wrong with it alone; its entry is whole where there is nothing. */
  readonly problems: readonly DraftProblem[]
}
export interface DraftProblem {
  /** Field of the entry; '' for the row as a whole. */
  readonly field: string
  readonly problem: string
  readonly code?: EntryProblemCode
  /** The entry that it names and that is not there. */
  readonly names?: NamedEntry
  /** Fields in which the registry says something else of the object. */
  readonly differs?: readonly string[]
  /** Codes that may have been meant. */
  readonly nearest?: readonly string[]
  /** The refused draft for whose sake this one is left out. */
  readonly because?: Draft
  /** The draft that this one contradicts. */
  readonly beside?: Draft
}
/** Problems of each draft that cannot go in; one that could, but for another one, says which. */
export type Refusals = ReadonlyMap<Draft, readonly DraftProblem[]>

export interface Times {
  readonly now: Instant
  /** Until when accounts of usage points were frozen. */
  readonly frozenUntil: ReadonlyMap<string, Instant>
}

/**
 * Which drafts cannot go in beside what is there, and why: first every fault of every draft, as far as it can be read, then what
 * follows from them. A draft that names a refused one, or is a stretch of the same timeline, is left out for its sake, and so on;
 * drafts that contradict each other are all refused, because nobody knows which of them is right. `tariffs` null: not compared; `times` null: what is to come and what was frozen are let pass.
 */
export function judgeDrafts(
  drafts: readonly Draft[],
  existing: RegistryDocument,
  tariffs: KnownTariffs | null,
  times: Times | null = null,
): Refusals {
  const refusals = new Map<Draft, readonly DraftProblem[]>()
  for (const draft of drafts) if (draft.problems.length > 0) refusals.set(draft, draft.problems)
  const all = mergeLists(drafts, existing)
  for (const problem of problemsOfEntries(all.document)) note(problem, all.draftAt, new Map(), refusals)
  if (tariffs !== null)
    for (const problem of tariffProblems(all.document.agreements ?? [], tariffs, existing.agreements))
      note(problem, all.draftAt, new Map(), refusals)
  if (times !== null)
    for (const problem of [
      ...stillToCome(all.document, times.now),
      ...toldLate(all.document, existing, times.frozenUntil),
    ])
      note(problem, all.draftAt, new Map(), refusals)
  // Totals are judged once all of their items are there; with a refused one they wait.
  if (refusals.size === 0)
    for (const problem of openingProblems(whole(all.document))) note(problem, all.draftAt, new Map(), refusals)
  for (let before = -1; refusals.size > 0 && refusals.size !== before; ) {
    before = refusals.size
    leaveOutParts(drafts, refusals)
    const alive = mergeLists(
      drafts.filter((draft) => !refusals.has(draft)),
      existing,
    )
    const named = namesOf(drafts, refusals)
    for (const problem of problemsBetween(whole(alive.document))) note(problem, alive.draftAt, named, refusals)
  }
  return refusals
}

type Mutable = Map<Draft, readonly DraftProblem[]>

/**
 * A timeline goes in whole or not at all: a gap that nobody stated would move money. So does a batch with its items, whose totals
 * are what people approve.
 */
function leaveOutParts(drafts: readonly Draft[], refusals: Mutable): void {
  const lost = new Map([...refusals.keys()].map((draft) => [wholeOf(draft), draft]))
  for (const draft of drafts) {
    const because = lost.get(nameOf(draft)) ?? lost.get(wholeOf(draft))
    if (because === undefined || refusals.has(draft)) continue
    refusals.set(draft, [{ field: '', problem: 'another row of the same object is refused', because }])
  }
}

/** What goes in together with a draft, or not at all. */
function wholeOf(draft: Draft): string {
  return draft.list === 'openingItems' ? `openingBatches ${plainText(draft.entry['batch'])}` : nameOf(draft)
}

function note(
  problem: DocumentProblem,
  draftAt: (path: string) => Draft | null,
  named: ReadonlyMap<string, Draft>,
  refusals: Mutable,
): void {
  const field = problem.path.split('.').slice(2).join('.')
  const own = draftAt(problem.path)
  const others = (problem.others ?? []).map(draftAt).filter((draft) => draft !== null)
  const { code, problem: text, names, nearest } = problem
  const because = names === undefined ? undefined : named.get(`${names.list} ${names.code}`)
  for (const draft of own === null ? others : [own, ...others]) {
    const beside = [own, ...others].find((other) => other !== null && other !== draft) ?? undefined
    const said: DraftProblem = {
      field: draft.list === (own ?? draft).list ? field : '',
      problem: text,
      ...(code === undefined ? {} : { code }),
      ...(because === undefined ? {} : { because }),
      ...(because !== undefined || beside === undefined ? {} : { beside }),
      ...(names === undefined ? {} : { names }),
      ...(nearest === undefined ? {} : { nearest }),
    }
    const known = refusals.get(draft) ?? []
    // Two entries that overlap by two of their fields are told once.
    if (!known.some((one) => one.code === code && one.field === said.field && one.beside === said.beside))
      refusals.set(draft, [...known, said])
  }
}

/** Refused drafts by list and what they are called. */
function namesOf(drafts: readonly Draft[], refusals: Refusals): ReadonlyMap<string, Draft> {
  return new Map(drafts.filter((draft) => refusals.has(draft)).map((draft) => [nameOf(draft), draft]))
}

function nameOf({ list, entry }: Draft): string {
  return `${list} ${objectOf(list, entry)}`
}

/** What would be there with the drafts: objects that they state take the place of those that are there. */
function mergeLists(drafts: readonly Draft[], existing: RegistryDocument) {
  const byList = groupBy(drafts, ({ list }) => list)
  const offsets = new Map<string, number>()
  const lists = listNames.map((list) => {
    const ours = byList.get(list) ?? []
    const there = notStated(list, existing[list] ?? [], ours)
    offsets.set(list, there.length)
    return [list, [...there, ...ours.map(legiblePart)]] as const
  })
  const draftAt = (path: string): Draft | null => {
    const [list = '', index = ''] = path.split('.')
    return byList.get(list as ListName)?.[Number(index) - (offsets.get(list) ?? 0)] ?? null
  }
  return { document: toLegible(lists), draftAt }
}

/** Entries of objects that no draft states. */
function notStated(list: ListName, there: readonly object[], drafts: readonly Draft[]): readonly object[] {
  if (there.length === 0 || drafts.length === 0) return there
  const stated = new Set<string>()
  for (const { entry } of drafts) stated.add(objectOf(list, entry))
  return there.filter((entry) => !stated.has(objectOf(list, { ...entry })))
}

/** A stretch whose end cannot be read cannot be dated, and part of a key is none. */
const takenAlong: Readonly<Record<string, string>> = {
  to: 'from',
  meter: 'kind',
  month: 'kind',
  bill: 'kind',
  fromDay: 'kind',
}

/** An entry without the fields in which something is wrong. */
function legiblePart({ entry, problems }: Draft): Draft['entry'] {
  if (problems.length === 0) return entry
  const broken = new Set(problems.flatMap(({ field }) => [field, takenAlong[field] ?? field]))
  return Object.fromEntries(Object.entries(entry).filter(([field]) => !broken.has(field)))
}

/** The entries of drafts that are whole. */
export function documentOf(drafts: readonly Draft[]): RegistryDocument {
  const byList = groupBy(drafts, ({ list }) => list)
  const lists = listNames.map((list) => [list, (byList.get(list) ?? []).map(({ entry }) => entry)] as const)
  return whole(toLegible(lists))
}

function toLegible(lists: readonly (readonly [ListName, readonly object[]])[]): LegibleDocument {
  return Object.fromEntries(lists) as LegibleDocument
}

/** Drafts without problems were judged by the schemas of their lists, so that each of their entries is whole. */
function whole(document: LegibleDocument): RegistryDocument {
  return document as RegistryDocument
}
