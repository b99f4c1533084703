import type { RegisterSet } from '../domain/reading.js'
import type { Instant } from '../domain/time.js'

/** What a simulated meter has counted; whoever supplies the load implements it. */
export interface RegisterSource {
  /** Forward active registers at an instant, kWh e4. The meter shows them cut off at its own resolution. */
  readonly registersAt: (instant: Instant) => RegisterSet
}
