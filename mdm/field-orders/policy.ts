import { defaultReadLadder } from '../../domain/read-ladder.js'
import { liveToleranceMs } from '../../domain/reading.js'
import { dayMs } from '../../domain/time.js'

export interface FieldOrderPolicy {
  /** Nightly windows that must have failed before a person is sent. */
  readonly windows: number
  /** Causes a visit can remedy: a line that is down is repaired once, and a freeze that never was cannot be read on site either. */
  readonly causes: readonly string[]
  readonly lookBackMs: number
  readonly dueWithinMs: number
  /** How long after a due midnight a live read still serves it. */
  readonly liveToleranceMs: number
}

export const defaultFieldOrderPolicy: FieldOrderPolicy = {
  windows: defaultReadLadder.fieldOrderWindows,
  causes: ['no_reply', 'damaged', 'refused', 'wrong_address', 'invalid_value', 'no_upload'],
  lookBackMs: 62 * dayMs,
  dueWithinMs: defaultReadLadder.fieldOrderMs,
  liveToleranceMs,
}
