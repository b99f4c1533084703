import type { ContactEntry, CustomerEntry } from '../../domain/customer-entries.js'
import type { MeterEntry } from '../../domain/meter-entries.js'
import type { GridCellEntry, OrganisationEntry, TransformerAreaEntry } from '../../domain/organisation-entries.js'
import type { Instant } from '../../domain/time.js'
import type { MeterStart } from '../load/register-series.js'
import type { Load } from '../load/slot-load.js'
import type { Outage } from '../load/supplied-energy.js'

/** A whole simulated utility as plain values: the same description gives the same devices, master data and truth. */
export interface UtilityDescription {
  readonly seed: number
  readonly organisation: OrganisationEntry
  readonly gridCells: readonly GridCellEntry[]
  readonly transformerAreas: readonly TransformerAreaEntry[]
  readonly lines: readonly LineDescription[]
  readonly points: readonly PointDescription[]
  readonly faults: FaultsDescription
  readonly exchange: ExchangeDescription
  readonly transfer: TransferDescription
}

export interface LineDescription {
  readonly code: string
  readonly kind: 'dlt645_tcp' | 'modbus_tcp' | 'mqtt_concentrator'
}

/** One usage point with the meter, the account and the customer it has when the month begins. */
export interface PointDescription {
  readonly usagePoint: string
  readonly line: string
  readonly gridCell: string
  readonly transformerArea: string
  readonly supplyAddress: string
  readonly load: Load
  readonly meter: MeterDescription
  readonly ctRatio: number
  readonly account: AccountDescription
}

export interface MeterDescription {
  readonly entry: MeterEntry
  readonly start: MeterStart
}

/** Codes of the tariff files that ship with the product. */
export type TariffCode = 'sd-residential-tou' | 'sd-residential' | 'sd-residential-shared' | 'hb-commercial-single-lv'

export interface AccountDescription {
  readonly code: string
  readonly customer: CustomerEntry
  readonly tariff: TariffCode
  /** Year-to-date kWh e4 that count for the ladder when the month begins. */
  readonly openingLadderE4: bigint
  readonly contacts: readonly ContactDescription[]
}
export type ContactDescription = Omit<ContactEntry, 'account' | 'from' | 'to'>

export interface FaultsDescription {
  /** Share of reply frames damaged on the serial lines. */
  readonly damagedPermille: number
  readonly lineDown: { readonly line: string; readonly from: Instant; readonly to: Instant }
  /** A usage point without supply over one midnight: its meter takes no freeze then. */
  readonly noSupply: { readonly usagePoint: string; readonly outage: Outage }
  /** A meter whose communication module never answers again. */
  readonly deadModule: { readonly usagePoint: string; readonly from: Instant }
}

export interface ExchangeDescription {
  readonly usagePoint: string
  readonly at: Instant
  readonly recordedAt: Instant
  readonly newMeter: MeterDescription
}

export interface TransferDescription {
  readonly usagePoint: string
  readonly at: Instant
  readonly recordedAt: Instant
  readonly account: AccountDescription
}
