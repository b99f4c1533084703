import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { type ListName, listNames, objectOf } from './document-lists.js'
import { problemsBetween } from './problems-between.js'
import type { DocumentProblem, EntryProblemCode } from './registry-document-schema.js'

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
  /** The refused draft for whose sake this one is left out. */
  readonly because?: Draft
  /** The draft that this one contradicts. */
  readonly beside?: Draft
}
/** Problems of each draft that cannot go in; one that could, but for another one, says which. */
export type Refusals = ReadonlyMap<Draft, readonly DraftProblem[]>

/**
 * Which drafts cannot go in beside what is there, and why. A draft that names a refused one, or is a stretch of the same timeline, is
 * left out for its sake, and so on; drafts that contradict each other are all refused, because nobody knows which of them is right.
 */
export function judgeDrafts(drafts: readonly Draft[], existing: RegistryDocument): Refusals {
  const refusals = new Map<Draft, readonly DraftProblem[]>()
  for (const draft of drafts) if (draft.problems.length > 0) refusals.set(draft, draft.problems)
  for (;;) {
    const before = refusals.size
    leaveOutStretches(drafts, refusals)
    const alive = drafts.filter((draft) => !refusals.has(draft))
    const merged = mergeLists(alive, existing)
    const named = namesOf(drafts, refusals)
    for (const problem of problemsBetween(merged.document)) note(problem, merged.draftAt, named, refusals)
    if (refusals.size === before) return refusals
  }
}

type Mutable = Map<Draft, readonly DraftProblem[]>

/** A timeline goes in whole or not at all: a gap that nobody stated would move money. */
function leaveOutStretches(drafts: readonly Draft[], refusals: Mutable): void {
  const lost = new Map([...refusals.keys()].map((draft) => [nameOf(draft), draft]))
  for (const draft of drafts) {
    const because = lost.get(nameOf(draft))
    if (because === undefined || refusals.has(draft)) continue
    refusals.set(draft, [{ field: '', problem: 'another row of the same object is refused', because }])
  }
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
  const lost = problem.names === undefined ? undefined : named.get(`${problem.names.list} ${problem.names.code}`)
  for (const draft of own === null ? others : [own, ...others]) {
    const beside = [own, ...others].find((other) => other !== null && other !== draft)
    const part = lost !== undefined ? { because: lost } : beside === undefined || beside === null ? {} : { beside }
    const { code, problem: text } = problem
    const said = { field: draft === own ? field : '', problem: text, ...(code === undefined ? {} : { code }), ...part }
    refusals.set(draft, [...(refusals.get(draft) ?? []), said])
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
    const stated = new Set(ours.map(({ entry }) => objectOf(list, entry)))
    const there = (existing[list] ?? []).filter((entry) => !stated.has(objectOf(list, { ...entry })))
    offsets.set(list, there.length)
    return [list, [...there, ...ours.map(({ entry }) => entry)]] as const
  })
  const draftAt = (path: string): Draft | null => {
    const [list = '', index = ''] = path.split('.')
    return byList.get(list as ListName)?.[Number(index) - (offsets.get(list) ?? 0)] ?? null
  }
  return { document: Object.fromEntries(lists) as unknown as RegistryDocument, draftAt }
}

/** The entries of drafts that are whole. */
export function documentOf(drafts: readonly Draft[]): RegistryDocument {
  const byList = groupBy(drafts, ({ list }) => list)
  const lists = listNames.map((list) => [list, (byList.get(list) ?? []).map(({ entry }) => entry)] as const)
  return Object.fromEntries(lists) as unknown as RegistryDocument
}
