import type { RegisterSet } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'

/** What a simulated meter has counted; whoever supplies the load implements it. */
export interface RegisterSource {
  /** Forward active registers at an instant, kWh e4. The meter shows them cut off at its own resolution. */
  readonly registersAt: (instant: Instant) => RegisterSet
  /**
   * From this instant on the energy goes to other tariff registers, because the meter's clock or its day tables were set.
   * A source without it counts by a schedule of its own.
   */
  readonly countBy?: (from: Instant, schedule: TariffSchedule) => void
  /** How it counts on every day until it is told otherwise: what the meter's day tables say until somebody writes others. */
  readonly usualSlots?: readonly TariffSlot[]
}

/** Which tariff register counts, by the meter's own clock. */
export interface TariffSchedule {
  /** The meter's clock less the true time. */
  readonly clockOffsetMs: number
  /** Minutes of the day from which a tariff counts, ascending, the first one 0, on a day of the meter's calendar. */
  readonly slotsOn: (date: LocalDate) => readonly TariffSlot[]
}

export interface TariffSlot {
  readonly fromMinute: number
  /** 1 to 4. */
  readonly tariff: number
}
