import type { Rational } from '../../domain/rational.js'
import type { Calendar, Instant } from '../../domain/time.js'
import type { Component } from '../tariffs/components/component-schema.js'
import type { TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { ChargedLine, Step } from './charged-line.js'
import type { Counters } from './counters.js'
import type { History } from './history.js'
import type { Note } from './notes.js'
import type { Equipment } from './usage/equipment.js'
import type { Facts } from './usage/facts.js'
import type { Span } from './usage/local-time.js'
import type { Parcel } from './usage/parcels.js'
import type { Quantities } from './usage/quantities.js'
import type { SlotDays } from './usage/slot-days.js'
import type { UsageDocument, UsagePeriod } from './usage/usage-schema.js'

/** A tariff version on the days of a zone, for its part of a period. */
export interface Segment extends Span {
  /** From 1, in order of time. */
  readonly number: number
  readonly version: TariffVersion
  readonly slotDays: ReadonlyMap<string, SlotDays>
  readonly path: string
}

/** One period while it is rated. */
export interface PeriodContext {
  readonly calendar: Calendar
  readonly usage: UsageDocument
  readonly period: UsagePeriod
  readonly span: Span
  /** Billing month `YYYY-MM`. */
  readonly month: string
  /** The version in force when the period ends: it says how components and the total are rounded. */
  readonly version: TariffVersion
  readonly quantities: Quantities
  /** Intervals as metered, those before the period too, for demand windows. */
  readonly metered: ReadonlyMap<string, readonly Parcel[]>
  readonly facts: Facts
  readonly equipment: Equipment
  readonly history: History
  readonly counters: Counters
  readonly mayBeNegative: boolean
  /** Whether somebody asked how each line came about. */
  readonly explained: boolean
  /** Takes down how quantities came about; absent where nobody asked. */
  readonly note?: Note
  /** What was taken down. */
  readonly steps?: () => readonly Step[]
  readonly currency: string
  /** Of all versions that hold during the period, and its adjustments. */
  readonly components: readonly Component[]
  /** What components have charged in earlier parts of the period, by code. */
  readonly chargedBefore: Map<string, Rational>
  /** Lines so far, in order. */
  readonly lines: ChargedLine[]
  /** Quantities that rules asked for, by name and slot. */
  readonly derived: Map<string, Derived>
}

export interface Derived {
  readonly name: string
  readonly slot: string | null
  readonly value: Rational
  /** Of what parts of the period it is made up. */
  readonly parts?: readonly (Span & { readonly value: Rational })[]
  /** Set where it was metered over windows: of settlements of a month the highest counts, or their sum. */
  readonly demand?: 'level' | 'sum'
}

/** Where an expression is evaluated. */
export interface Frame {
  readonly context: PeriodContext
  readonly segment: Segment
  /** Part of the segment, or of the period. */
  readonly span: Span
  /** What the span is a part of: the period, or the month that its settlements make up. */
  readonly whole: Span
  /** What quantities are asked over, where an expression does not say. */
  readonly over: 'segment' | 'period'
  /** The moment whose facts hold. */
  readonly at: Instant
  readonly slot: string | null
  readonly slotDays: SlotDays | null
  /** Whether what earlier settlements of the month used and charged is added. */
  readonly wholeMonth: boolean
  readonly path: string
}
