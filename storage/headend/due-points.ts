import type { Instant } from '../../domain/time.js'

/**
 * How a due point stands; each is in exactly one of them at any instant: what `due_point_state` of the database says, which the exception
 * queue asks too, and of what is read how it was got. `first_pass` and `retried` together are "read".
 */
export const dueOutcomeNames = [
  'first_pass',
  'retried',
  'back_filled',
  'field_read',
  'estimated',
  'corrected',
  'held',
  'exempt',
  'open',
] as const
export type DueOutcome = (typeof dueOutcomeNames)[number]

/** Why nothing is wanted of an exempt point any more. */
export type Excuse = 'meter_removed' | 'supply_suspended' | 'planned_outage' | 'granted'

/**
 * What is wrong with a meter in the tables of concentrators (as in domain/meter-tables.ts), or that another concentrator than its own
 * brought it.
 */
export const tableFaults = [
  'duplicate',
  'unknown_to_registry',
  'missing_in_concentrator',
  'reported_elsewhere',
] as const
export type TableFault = (typeof tableFaults)[number]

/** Facts that may explain why a due point was not read at the first pass; equal ones are counted together. */
export interface Evidence {
  readonly template: string
  readonly excuse: Excuse | null
  /** Causes of failed attempts before the point was served, each once, sorted. */
  readonly causes: readonly string[]
  /** The meter said a day or more after the midnight that its memory does not hold it. */
  readonly lateNoFreeze: boolean
  /** An outage that was foretold overlaps the window of the point. */
  readonly plannedOutage: boolean
  /** The window of the point was over, or would have been, at the instant of looking. */
  readonly windowOver: boolean
  /** Somebody tried the line in the window: an attempt, a reading or sums of traffic. */
  readonly attended: boolean
  /** A neighbour on the line was read in the window; where nobody tried the line in it, behind it. */
  readonly neighbourRead: boolean
  /** More than this one meter was due on the line. */
  readonly hasNeighbours: boolean
  readonly concentrator: boolean
  /** The concentrator was there in the window, and not lost at its end. */
  readonly contact: boolean
  /** Where concentrators and the registry disagree about the meter. */
  readonly tableFault: TableFault | null
  /** A check of the meter's clock found it wrong. Told of meters behind concentrators only: on a line the stamp itself shows it. */
  readonly clockDoubt: boolean
  /** Installed a short while ago and never read since. */
  readonly neverRead: boolean
  /** Nobody had told of the meter, or of the boundary, before the window was over. */
  readonly toldLate: boolean
  readonly served: boolean
  /** A value came, and is held, or a person or an estimate had to take its place. */
  readonly inDoubt: boolean
}

/** By what due points are added up. */
export type DuePlace = 'line' | 'area' | 'organisation'

/** Where due points belong: one bus or concentrator, one transformer area, one organisation; of sums only what they were added up by. */
export interface DueCell {
  readonly readAt: Instant
  readonly template: string
  readonly lineCode: string | null
  readonly lineKind: string | null
  readonly areaCode: string | null
  readonly organisationId: bigint | null
  /** Crew that owns the area as of the instant of looking. */
  readonly crewCode: string | null
}

/** Due points of one cell that stand alike. */
export interface DueGroup extends DueCell {
  readonly points: number
  readonly outcome: DueOutcome
  readonly evidence: Evidence
  /** Nightly windows with a failed attempt. */
  readonly failedWindows: number
  readonly fieldOrder: { readonly dueAt: Instant; readonly outcome: string | null } | null
}
