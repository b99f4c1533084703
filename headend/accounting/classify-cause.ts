import type { Evidence } from '../../storage/headend/due-points.js'

/** Why a due point was not read at the first pass. Exclusive: each such point has exactly one. */
export const dueCauses = [
  'reading_in_doubt',
  'window_running',
  'not_in_service',
  'planned_outage',
  'not_noted',
  'memory_overrun',
  'database_or_head_end_down',
  'registered_late',
  'concentrator_offline',
  'table_duplicate',
  'table_unknown',
  'table_missing',
  'archive_mismatch',
  'parameter',
  'refused',
  'clock_drift',
  'new_meter_not_commissioned',
  'line_down',
  'damaged_line',
  'meter_silent',
  'upload_late',
  'window_too_short',
  'unknown',
] as const
export type DueCause = (typeof dueCauses)[number]

/** Order in which causes are asked, first wins; versioned, because figures of a past day are told with the precedence of then. */
export interface CausePrecedence {
  readonly version: string
  readonly order: readonly PlacedCause[]
}

/** What a rule speaks for; the rest is unknown. A value that came and does not stand has nothing to do with how it was got. */
export type PlacedCause = Exclude<DueCause, 'unknown' | 'reading_in_doubt'>

/** In the built-in order. */
export const placedCauses = dueCauses.filter(
  (cause): cause is PlacedCause => cause !== 'unknown' && cause !== 'reading_in_doubt',
)

/** What excuses comes first, then what hides everything behind it (nobody asked, no concentrator), then what the meter itself said. */
export const defaultPrecedence: CausePrecedence = {
  version: 'built-in/3',
  order: placedCauses,
}

/** One cause per point, for the same evidence always the same. `unknown` when no rule of the precedence speaks. */
export function classifyCause(evidence: Evidence, precedence: CausePrecedence): DueCause {
  if (evidence.inDoubt) return 'reading_in_doubt'
  return precedence.order.find((cause) => rules[cause](evidence)) ?? 'unknown'
}

const silence: readonly string[] = ['no_reply', 'no_upload']

const wrongParameters: readonly string[] = [
  'no_register_map',
  'invalid_value',
  'unknown_item',
  'wrong_password',
  // Of monthly sets and curves: the meter keeps no such thing, or has no settlement day.
  'no_such_data',
  'value_absent',
  'settlement_unused',
  'settlement_unknown',
]

const rules: Readonly<Record<PlacedCause, (evidence: Evidence) => boolean>> = {
  window_running: ({ windowOver, causes, served }) => !windowOver && causes.length === 0 && !served,
  not_in_service: ({ excuse }) => excuse !== null && excuse !== 'planned_outage',
  planned_outage: ({ excuse, plannedOutage }) => excuse === 'planned_outage' || plannedOutage,
  not_noted: ({ template }) => template === 'noted_registers',
  memory_overrun: ({ lateNoFreeze, served }) => !served && lateNoFreeze,
  // Whoever came when the window was over and still finds the meter or its line gone knows better than that nobody had come.
  database_or_head_end_down: ({ attended, concentrator, causes, served }) =>
    !attended && (served || concentrator || causes.length === 0),
  registered_late: ({ toldLate, attended }) => toldLate && attended,
  concentrator_offline: ({ concentrator, contact }) => concentrator && !contact,
  table_duplicate: ({ tableFault }) => tableFault === 'duplicate',
  table_unknown: ({ tableFault }) => tableFault === 'unknown_to_registry',
  table_missing: ({ tableFault }) => tableFault === 'missing_in_concentrator',
  archive_mismatch: ({ tableFault, causes }) => tableFault === 'reported_elsewhere' || some(causes, ['wrong_answer']),
  parameter: ({ causes }) => some(causes, wrongParameters),
  refused: ({ causes }) => some(causes, ['refused']),
  // A freeze that is not there yet soon after midnight, and is there later, was made late: the clock is slow. A concentrator that
  // brings nothing of a meter does not say why; a check of its clock may.
  clock_drift: ({ causes, clockDoubt }) =>
    some(causes, ['wrong_stamp', 'no_freeze']) || (clockDoubt && some(causes, ['no_upload'])),
  new_meter_not_commissioned: ({ neverRead, causes }) => neverRead && some(causes, silence),
  // Silent all at once is the line or its supply; one that keeps silent among others is the meter.
  line_down: ({ concentrator, causes, neighbourRead, hasNeighbours, served }) =>
    some(causes, ['line_down']) ||
    (hasNeighbours && !neighbourRead && !(concentrator && served) && only(causes, [...silence, 'window_over'])),
  damaged_line: ({ causes }) => some(causes, ['damaged']),
  meter_silent: ({ concentrator, causes, served }) => some(causes, silence) && !(concentrator && served),
  upload_late: ({ concentrator, served }) => concentrator && served,
  // What came behind the window without a failed attempt before it had not had its turn.
  window_too_short: ({ causes, served }) =>
    some(causes, ['window_over', 'live_too_late', 'settlement_at_hand']) || (served && causes.length === 0),
}

function some(causes: readonly string[], wanted: readonly string[]): boolean {
  return causes.some((cause) => wanted.includes(cause))
}

function only(causes: readonly string[], wanted: readonly string[]): boolean {
  return causes.length > 0 && causes.every((cause) => wanted.includes(cause))
}
