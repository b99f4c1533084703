import type { Instant } from '../../domain/time.js'
import type { DueCell, DueGroup, DueOutcome, Excuse, TableFault } from './due-points.js'

/** A due point, or points that stand alike, as the queries of accounts tell it; without an outcome a sum of all that is due. */
export interface AccountRow {
  readonly read_at: Instant
  readonly template: string
  readonly line_code: string | null
  readonly line_kind: string | null
  readonly area_code: string | null
  readonly organisation_id: bigint | null
  readonly crew_code: string | null
  readonly points: number
  readonly outcome: DueOutcome | null
  readonly excuse: Excuse | null
  readonly causes: readonly string[] | null
  readonly late_no_freeze: boolean
  readonly planned_outage: boolean
  readonly window_over: boolean
  readonly attended: boolean
  readonly neighbour_read: boolean
  readonly has_neighbours: boolean
  readonly contact: boolean
  readonly table_fault: TableFault | null
  readonly clock_doubt: boolean
  readonly never_read: boolean
  readonly told_late: boolean
  readonly served: boolean
  readonly failed_windows: number
  readonly order_due_at: Instant | null
  readonly order_outcome: string | null
}

export function toCell(row: AccountRow): DueCell {
  return {
    readAt: row.read_at,
    template: row.template,
    lineCode: row.line_code,
    lineKind: row.line_kind,
    areaCode: row.area_code,
    organisationId: row.organisation_id,
    crewCode: row.crew_code,
  }
}

export function toGroup(row: AccountRow, outcome: DueOutcome): DueGroup {
  return {
    ...toCell(row),
    points: row.points,
    outcome,
    failedWindows: row.failed_windows,
    fieldOrder: row.order_due_at === null ? null : { dueAt: row.order_due_at, outcome: row.order_outcome },
    evidence: {
      template: row.template,
      excuse: row.excuse,
      causes: row.causes ?? [],
      lateNoFreeze: row.late_no_freeze,
      plannedOutage: row.planned_outage,
      windowOver: row.window_over,
      attended: row.attended,
      neighbourRead: row.neighbour_read,
      hasNeighbours: row.has_neighbours,
      concentrator: row.line_kind === 'mqtt_concentrator',
      contact: row.contact,
      tableFault: row.table_fault,
      clockDoubt: row.clock_doubt,
      neverRead: row.never_read,
      toldLate: row.told_late,
      served: row.served,
      inDoubt: outcome === 'held' || (row.served && (outcome === 'corrected' || outcome === 'estimated')),
    },
  }
}
