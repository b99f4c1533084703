import type { Effective } from './effective.js'
import type { FieldEventKind } from './field-event.js'

export interface MeterEntry {
  readonly code: string
  readonly protocol: 'dlt645_2007' | 'modbus'
  /** 12 digits for DL/T 645; the unit id for Modbus. */
  readonly communicationAddress: string
  readonly model: string
  readonly registerDigits: number
  readonly registerDecimals: number
}

export interface InstallationEntry extends Effective {
  readonly usagePoint: string
  readonly meter: string
  readonly line: string
}

export interface MultiplierEntry extends Effective {
  readonly usagePoint: string
  readonly ctRatio: number
  readonly ptRatio: number
}

/** A meter was tested (检定); `validUntil` is the last day for which that is good. */
export interface VerificationEntry {
  readonly meter: string
  readonly verifiedOn: string
  readonly validUntil: string
  readonly certificate: string
}

/** A seal or a fault of a meter, as the work order tells of it. */
export interface FieldEventEntry {
  readonly meter: string
  readonly at: string
  readonly event: FieldEventKind
  /** Who was there, as the work order names them. */
  readonly person: string
  /** Numbers of the seals that were found, broken or whole. */
  readonly sealsFound?: readonly string[]
  /** Numbers of the seals that were left behind. */
  readonly sealsPlaced?: readonly string[]
  /** Number of the work order. */
  readonly document: string
  readonly detail?: string
}

/** Decimal texts in kWh; absent where the meter has no such register. */
export interface NotedRegisters {
  readonly total: string
  readonly tou1?: string
  readonly tou2?: string
  readonly tou3?: string
  readonly tou4?: string
}
