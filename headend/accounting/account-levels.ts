import { groupBy } from '../../domain/group-by.js'
import type { DueAccounts } from '../../storage/headend/due-accounts.js'
import type { DueCell, DueGroup, DueOutcome } from '../../storage/headend/due-points.js'
import { type DueCause, dueCauses } from './classify-cause.js'
import { type LadderStep, ladderSteps } from './ladder-step.js'
import type { Standing } from './standing.js'

/** Counts of due points: `due` is the sum of the nine outcomes, and the causes sum to `due` less `firstPass`. */
export interface DueCounts {
  readonly due: number
  readonly firstPass: number
  readonly retried: number
  readonly backFilled: number
  readonly fieldRead: number
  readonly estimated: number
  readonly corrected: number
  readonly held: number
  readonly exempt: number
  readonly open: number
  readonly causes: Readonly<Partial<Record<DueCause, number>>>
  /** Open and held points by the step of the ladder on which they stand. */
  readonly steps: Readonly<Partial<Record<LadderStep, number>>>
}

export interface DueLevelRow extends DueCounts {
  /** Code of the line, area, crew or organisation; null for points that belong to none. */
  readonly code: string | null
}

export const dueLevels = ['line', 'concentrator', 'area', 'crew', 'county', 'city', 'province'] as const
export type DueLevel = (typeof dueLevels)[number]

/** A group of points with what the rules say of it. */
export interface JudgedGroup extends DueGroup, Standing {}

/** Due points with how the ones that were not read at the first pass stand. */
export interface JudgedAccounts {
  readonly due: DueAccounts['due']
  readonly gap: readonly JudgedGroup[]
}

/** One row per place of a level, in order of code; points that belong to none come last, so that the rows sum to the whole. */
export function rowsOfLevel(
  accounts: JudgedAccounts,
  placeOf: (cell: DueCell) => string | null,
): readonly DueLevelRow[] {
  const gaps = groupBy(accounts.gap, (group) => keyOf(placeOf(group)))
  const rows = [...groupBy(accounts.due, (cell) => keyOf(placeOf(cell)))].map(([key, due]) => ({
    code: key === '~' ? null : key.slice(1),
    ...countsOf({ due, gap: gaps.get(key) ?? [] }),
  }))
  return rows.sort((a, b) => compare(keyOf(a.code), keyOf(b.code)))
}

/** Points that were not read at the first pass are told apart; all others were. */
export function countsOf({ due, gap }: JudgedAccounts): DueCounts {
  const all = sum(due)
  const of = (outcome: DueOutcome): number => sum(gap.filter((group) => group.outcome === outcome))
  return {
    due: all,
    firstPass: all - sum(gap),
    retried: of('retried'),
    backFilled: of('back_filled'),
    fieldRead: of('field_read'),
    estimated: of('estimated'),
    corrected: of('corrected'),
    held: of('held'),
    exempt: of('exempt'),
    open: of('open'),
    causes: tally(gap, dueCauses, ({ cause }) => cause),
    steps: tally(gap, ladderSteps, ({ step }) => step?.step ?? null),
  }
}

function tally<Key extends string>(
  gap: readonly JudgedGroup[],
  keys: readonly Key[],
  of: (group: JudgedGroup) => Key | null,
): Readonly<Partial<Record<Key, number>>> {
  const counted = keys.map((key) => [key, sum(gap.filter((group) => of(group) === key))] as const)
  return Object.fromEntries(counted.filter(([, points]) => points > 0)) as Partial<Record<Key, number>>
}

function sum(parts: readonly { readonly points: number }[]): number {
  return parts.reduce((total, { points }) => total + points, 0)
}

/** Places with a code sort before the one without. */
function keyOf(code: string | null): string {
  return code === null ? '~' : ` ${code}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
