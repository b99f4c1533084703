import type { FaultName } from '../fault-names.js'
import * as collection from './collection.js'
import * as meters from './meters.js'
import * as notes from './notes.js'
import type { ClaimFault, PlanFault } from './scene.js'
import * as values from './values.js'

/** Faults of the world and of the registry: they change what meters count or what is believed of them. */
export const planFaults: Readonly<Partial<Record<FaultName, PlanFault>>> = {
  note_at_another_instant: notes.noteAtAnotherInstant,
  mistyped_multiplier: notes.mistypedMultiplier,
  unnoted_exchange: meters.unnotedExchange,
  wrong_register_width: meters.wrongRegisterWidth,
  clock_drift: meters.clockDrift,
  clock_jump: meters.clockJump,
  bypass: meters.bypass,
  magnet: meters.magnet,
  reverse_running: meters.reverseRunning,
}

/** Faults on the way from the meter to us. */
export const claimFaults: Readonly<Partial<Record<FaultName, ClaimFault>>> = {
  gap: collection.gap,
  gap_at_boundary: collection.gapAtBoundary,
  late_back_fill: collection.lateBackFill,
  duplicate: collection.duplicate,
  second_value: collection.secondValue,
  field_read_settles: collection.fieldReadSettles,
  stale_repeat: collection.staleRepeat,
  estimate_at_boundary: collection.estimateAtBoundary,
  live_read_too_late: collection.liveReadTooLate,
  unit_slip: values.unitSlip,
  usage_as_register: values.usageAsRegister,
  reversed_order: values.reversedOrder,
  damaged_register: values.damagedRegister,
  wrong_note: notes.wrongNote,
  notes_swapped: notes.notesSwapped,
  start_note_zero: notes.startNoteZero,
  clock_other_day: meters.clockOtherDay,
}
