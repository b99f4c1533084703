import type { DemandSet } from '../../domain/demand.js'
import type { DemandQuantity, Quantity } from '../../domain/quantities.js'
import type { RegisterSet } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { EventRecord } from './event-records.js'
import type { LoadSlot } from './load-slots.js'
import type { RelayState } from './relay-state.js'
import type { TouItem } from './tou-items.js'

/** The day of the month and its hour at which a meter settles. */
export interface SettlementDay {
  /** 1 to 28. */
  readonly day: number
  /** 0 to 23. */
  readonly hour: number
}

/** Month, day, hour and minute without a year, as meters of the 1997 edition keep the time of a maximum. */
export type YearlessMinute = string

/** What one item of a reading set says, whoever brought it. */
export type SetValue =
  | { readonly kind: 'registers'; readonly quantity: Quantity; readonly registers: RegisterSet }
  | { readonly kind: 'demand'; readonly quantity: DemandQuantity; readonly demands: DemandSet }
  /** 1997: the values of maximum demands, whose times are another item. */
  | { readonly kind: 'demand_values'; readonly quantity: DemandQuantity; readonly valuesE4: readonly (bigint | null)[] }
  | {
      readonly kind: 'demand_times'
      readonly quantity: DemandQuantity
      readonly times: readonly (YearlessMinute | null)[]
    }
  /** Null: the meter does not use it (9999). */
  | { readonly kind: 'settlement_day'; readonly settlementDay: SettlementDay | null }
  | { readonly kind: 'freeze_stamp'; readonly stamp: Instant }
  | { readonly kind: 'hourly_freeze'; readonly stamp: Instant; readonly valuesE4: readonly (bigint | null)[] }
  | { readonly kind: 'load_records'; readonly slots: readonly LoadSlot[] }
  /** How often events happened; one number, or one for each phase. */
  | { readonly kind: 'event_counts'; readonly counts: readonly number[] }
  /** Null: nothing was ever recorded there. */
  | { readonly kind: 'event'; readonly record: EventRecord | null }
  | { readonly kind: 'meter_date'; readonly date: LocalDate }
  /** Seconds from the meter's midnight. */
  | { readonly kind: 'meter_time'; readonly secondOfDay: number }
  | { readonly kind: 'relay_state'; readonly state: RelayState }
  | { readonly kind: 'tou_item'; readonly item: TouItem }
