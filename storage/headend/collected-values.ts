import type { ClockClass } from '../../domain/clock-limits.js'
import type { DemandSet } from '../../domain/demand.js'
import type { Curve, DemandQuantity, Quantity } from '../../domain/quantities.js'
import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { TouTables, TouUse } from '../../domain/tou-tables.js'
import type { FrameSlice } from './collected.js'

/** Bytes as they came, with what was asked for them; `request` is null when nobody asked. Several values may share one. */
export interface ValueFrame {
  readonly protocol: 'dlt645_2007' | 'dlt645_1997'
  readonly request: Buffer | null
  readonly response: Buffer
  readonly receivedAt: Instant
}

/** From which bytes a value decodes: a slice of the frame's response, or all of it where `slice` is null. */
export interface Evidence {
  readonly frame: ValueFrame
  readonly slice: FrameSlice | null
}

interface Collected {
  readonly meterId: MeterId
  readonly evidence: Evidence
}

/** Registers as they stood at the last settlement event. */
export interface CollectedSettlement extends Collected {
  readonly kind: 'settlement'
  readonly quantity: Quantity
  readonly settledAt: Instant
  readonly registers: RegisterSet
}

/** Maximum demands that the last settlement event closed. */
export interface CollectedDemand extends Collected {
  readonly kind: 'demand'
  readonly quantity: DemandQuantity
  readonly settledAt: Instant
  readonly demands: DemandSet
}

/** One point of a curve under its slot [slotStart, slotEnd). */
export interface CollectedInterval extends Collected {
  readonly kind: 'interval'
  readonly curve: Curve
  readonly slotStart: Instant
  readonly slotEnd: Instant
  /** In the order and the units of `domain/quantities.ts`. */
  readonly valuesE4: readonly (bigint | null)[]
}

export interface CollectedEvent extends Collected {
  readonly kind: 'event'
  readonly event: string
  readonly occurredAt: Instant
  /** Among the events of its kind and second, from the oldest on. */
  readonly ordinal: number
  readonly endedAt: Instant | null
  readonly operator: string | null
  readonly detail: Readonly<Record<string, string>>
}

/** A meter's clock less ours; all figures null where it showed no time. */
export interface CollectedClockCheck extends Collected {
  readonly kind: 'clock'
  readonly checkedAt: Instant
  readonly meterTime: Instant | null
  readonly offsetMs: number | null
  readonly uncertaintyMs: number | null
  readonly driftMsPerDay: number | null
  readonly class: ClockClass
}

export interface CollectedRelayStatus extends Collected {
  readonly kind: 'relay'
  readonly readAt: Instant
  readonly statusWord: number
  readonly relayOpen: boolean
  readonly commandOpen: boolean
  readonly dayTableSet: 1 | 2
  readonly zoneTable: 1 | 2
}

export interface CollectedTouTables extends Collected {
  readonly kind: 'tou_tables'
  readonly readAt: Instant
  readonly tables: TouTables
  readonly use: TouUse
}

export type CollectedValue =
  | CollectedSettlement
  | CollectedDemand
  | CollectedInterval
  | CollectedEvent
  | CollectedClockCheck
  | CollectedRelayStatus
  | CollectedTouTables

/** How often a kind of event has happened, by the meter's own count. */
export interface CountedEvents {
  readonly meterId: MeterId
  readonly event: string
  readonly countedAt: Instant
  readonly counted: number
}

/** Slots that a meter's memory does not hold. */
export interface AbsentSlots {
  readonly meterId: MeterId
  readonly curve: Curve
  readonly slotStarts: readonly Instant[]
  readonly foundAt: Instant
}
