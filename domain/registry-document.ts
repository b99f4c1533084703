import type { FieldEventKind } from './field-event.js'
import type { Endpoint, Parity } from './runtime.js'

/**
 * Master data as a file: what a utility hands over at go-live. Objects name each other by code; instants are ISO 8601 with offset;
 * `to` absent means "until further notice". Registers are decimal texts in kWh as shown on the display, before the multiplier.
 */
export interface RegistryDocument {
  readonly actors: readonly ActorEntry[]
  readonly organisations: readonly OrganisationEntry[]
  readonly gridCells: readonly GridCellEntry[]
  readonly transformerAreas: readonly TransformerAreaEntry[]
  readonly lines: readonly LineEntry[]
  readonly meters: readonly MeterEntry[]
  readonly usagePoints: readonly UsagePointEntry[]
  readonly customers: readonly CustomerEntry[]
  readonly accounts: readonly AccountEntry[]
  readonly installations: readonly InstallationEntry[]
  readonly multipliers: readonly MultiplierEntry[]
  readonly agreements: readonly AgreementEntry[]
  readonly contacts: readonly ContactEntry[]
  readonly openings: readonly OpeningEntry[]
  readonly crews?: readonly CrewEntry[]
  readonly crewAreas?: readonly CrewAreaEntry[]
  readonly plannedOutages?: readonly PlannedOutageEntry[]
  readonly suspensions?: readonly SuspensionEntry[]
  readonly readingDays?: readonly ReadingDayEntry[]
  readonly relations?: readonly RelationEntry[]
  readonly areaSupplies?: readonly AreaSupplyEntry[]
  readonly flows?: readonly FlowEntry[]
  readonly transformers?: readonly TransformerEntry[]
  readonly verifications?: readonly VerificationEntry[]
  readonly crewMembers?: readonly CrewMemberEntry[]
  readonly openingBatches?: readonly OpeningBatchEntry[]
  readonly openingItems?: readonly OpeningItemEntry[]
  readonly fieldEvents?: readonly FieldEventEntry[]
}

export interface ActorEntry {
  readonly actor: string
  readonly displayName: string
  readonly kind: 'person' | 'process'
}
export interface OrganisationEntry {
  readonly code: string
  readonly parent?: string
  readonly name: string
  readonly level: 'province' | 'city' | 'county' | 'station'
  readonly timeZone: string
  readonly currency: string
  readonly minorDigits: number
}
export interface GridCellEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
  readonly manager: string
  readonly deputy?: string
}
export interface TransformerAreaEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
}
export type LineEntry =
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'dlt645_tcp'
      readonly settings: Dlt645LineSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'dlt645_serial'
      readonly settings: Dlt645SerialSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_tcp'
      readonly settings: ModbusLineSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_rtu_tcp'
      readonly settings: ModbusRtuTcpSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_rtu_serial'
      readonly settings: ModbusRtuSerialSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'mqtt_concentrator'
      readonly settings: ConcentratorSettings
    }

/** Two wires on which one talks at a time. */
export interface BusTiming {
  readonly baud: number
  /** Longest time from the end of a request to the first byte of the reply, adapter included. */
  readonly replyTimeoutMs: number
  /** Silence kept between a reply and the next request. */
  readonly requestGapMs: number
}
export interface Dlt645Timing extends BusTiming {
  /** FE bytes sent before each request. */
  readonly wakeUpBytes: number
}
/** A serial port of the machine that reads the line. */
export interface SerialEnd {
  readonly path: string
  readonly parity: Parity
  readonly stopBits: 1 | 2
}

/** A raw TCP serial server in front of an RS-485 bus. */
export type Dlt645LineSettings = Endpoint & Dlt645Timing
export type Dlt645SerialSettings = SerialEnd & Dlt645Timing
/** A Modbus TCP gateway, which knows the bus behind it better than we do. */
export type ModbusLineSettings = Endpoint
/** RTU messages on the raw TCP connection of a serial server. */
export type ModbusRtuTcpSettings = Endpoint & BusTiming
export type ModbusRtuSerialSettings = SerialEnd & BusTiming
export interface ConcentratorSettings {
  /** `mqtt://` or `mqtts://`, without user or password: what opens a broker is configuration of the machine, never master data. */
  readonly brokerUrl: string
  /** Name of the envelope profile that the device speaks; our own where it is absent. */
  readonly profile?: string
  /** What the device calls itself in topics and payloads; the line's code where it is absent. */
  readonly device?: string
  /** Topics, where the device was set up with others than its profile's. */
  readonly uploadTopic?: string
  readonly receiptTopic?: string
}
export interface MeterEntry {
  readonly code: string
  readonly protocol: 'dlt645_2007' | 'modbus'
  /** 12 digits for DL/T 645; the unit id for Modbus. */
  readonly communicationAddress: string
  readonly model: string
  readonly registerDigits: number
  readonly registerDecimals: number
}
export interface UsagePointEntry {
  readonly code: string
  readonly organisation: string
  readonly transformerArea: string
  readonly gridCell: string
  readonly supplyAddress: string
}
export interface CustomerEntry {
  readonly code: string
  readonly name: string
  readonly kind: 'residential' | 'commercial'
  readonly keyAccount: boolean
}
export interface AccountEntry {
  readonly code: string
  readonly organisation: string
  readonly customer: string
}
interface Effective {
  readonly from: string
  readonly to?: string
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
export interface AgreementEntry extends Effective {
  readonly account: string
  readonly usagePoint: string
  readonly tariff: string
  /** Local day from which months count for the annual ladder. */
  readonly ladderFrom: string
  /** Class of supply (用电类别); as the customer's kind says where it is absent. */
  readonly usageClass?: UsageClass
  /** Contract capacity (合同容量), whole kVA. */
  readonly contractCapacityKva?: number
}
export type UsageClass = 'residential' | 'commercial' | 'large_industrial' | 'agricultural'
export interface ContactEntry extends Effective {
  readonly account: string
  readonly channel: 'sms' | 'voice' | 'email' | 'webhook'
  readonly address: string
  readonly consentEvidence: string
  readonly verified: boolean
}
export interface OpeningEntry {
  readonly account: string
  readonly asOf: string
  /** Year-to-date kWh that count for the ladder, decimal text. */
  readonly ladderEnergyKwh: string
  readonly document: string
}

/** A collection crew (采集运维班). */
export interface CrewEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
}
/** The crew owns what does not answer in a transformer area. */
export interface CrewAreaEntry extends Effective {
  readonly transformerArea: string
  readonly crew: string
}
/** Power that is to be off over [from, to) in one area or on one line. It excuses due points only when it was on record before it began. */
export interface PlannedOutageEntry {
  readonly code: string
  readonly transformerArea?: string
  readonly line?: string
  readonly from: string
  readonly to: string
  readonly document: string
}
/** Supply that stands still although a meter hangs there (暂停). */
export interface SuspensionEntry extends Effective {
  readonly usagePoint: string
  readonly document: string
}

/**
 * The day of the month (抄表例日) at whose first midnight a usage point is read; the members of a reading group state the same. A month
 * that is too short is read on its last day. Day 1 where none is stated.
 */
export interface ReadingDayEntry extends Effective {
  readonly usagePoint: string
  readonly readingDay: number
}

/**
 * One usage point is a part of another. `main_sub` (总分): the parent's meter measures the child's energy, too, and is checked
 * against its children. `deducted` (套扣): likewise, and the child's energy is taken off before the parent is billed. `share` (定比)
 * and `quantity` (定量): the child has no meter of its own. A child has one parent at an instant, and nobody is a part of themselves.
 */
export type RelationEntry = Effective & { readonly usagePoint: string } & RelationTerms
export type RelationTerms = { readonly parent: string } & (
  | { readonly kind: 'main_sub' | 'deducted' }
  /** Of the parent's energy, decimal text above 0, at most 1, with at most 6 decimals. */
  | { readonly kind: 'share'; readonly share: string }
  /** kWh a month, decimal text. */
  | { readonly kind: 'quantity'; readonly quantityKwh: string }
)

/** A usage point through which a transformer area is fed (台区总表); several add up. */
export interface AreaSupplyEntry extends Effective {
  readonly transformerArea: string
  readonly usagePoint: string
}

/** `export`: the reverse registers count (光伏上网). Import where none is stated. */
export interface FlowEntry extends Effective {
  readonly usagePoint: string
  readonly direction: 'import' | 'export' | 'both'
}

/** The transformer behind which a usage point lies; usage points that name the same one share its losses. Decimal texts. */
export interface TransformerEntry extends Effective {
  readonly usagePoint: string
  readonly transformer: string
  readonly ratedKva: number
  readonly noLoadLossKw: string
  readonly loadLossKw: string
  readonly noLoadCurrentPercent?: string
  readonly impedancePercent?: string
  readonly meteringSide: 'high' | 'low'
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

export interface CrewMemberEntry extends Effective {
  readonly crew: string
  readonly person: string
}

/**
 * What the old books say of accounts at go-live, with the totals to which its items add up: decimal texts in kWh and in the
 * currency's main unit. In force once two people other than its author have approved it.
 */
export interface OpeningBatchEntry {
  readonly code: string
  readonly asOf: string
  readonly document: string
  readonly itemCount: number
  readonly registersKwh: string
  readonly ladderKwh: string
  readonly estimatesKwh: string
  readonly prepaid: string
  readonly arrears: string
}
interface OpeningItem {
  readonly batch: string
  readonly account: string
}
/** Energies and demands before the multiplier for registers, after it otherwise; days and months are local, `toDay` excluded. */
export type OpeningItemEntry = OpeningItem &
  (
    | {
        /** The registers up to which the old books have billed. */
        readonly kind: 'register'
        readonly meter: string
        readonly energyKwh: string
        readonly tou1Kwh?: string
        readonly tou2Kwh?: string
        readonly tou3Kwh?: string
        readonly tou4Kwh?: string
      }
    /** The year's energy and months that count for the ladder. */
    | { readonly kind: 'ladder'; readonly energyKwh: string; readonly ladderMonths: number }
    | { readonly kind: 'demand'; readonly month: string; readonly demandKw: string }
    /** Billed on an estimate that is still to be trued up. */
    | { readonly kind: 'estimate'; readonly fromDay: string; readonly toDay: string; readonly energyKwh: string }
    | { readonly kind: 'prepaid'; readonly amount: string }
    | { readonly kind: 'arrear'; readonly bill: string; readonly amount: string; readonly dueDate: string }
  )

/** A dated change of master data, recorded when it becomes known. */
export type RegistryChange =
  | MeterExchangeChange
  | AccountTransferChange
  | CrewAssignmentChange
  | PlannedOutageChange
  | ReadingDayChange
  | MultiplierChange
  | MeterRemovalChange
  | AgreementChange
  | RelationChange
  | FlowChange
  | TransformerChange
  | AreaSupplyChange
  | ContactChange
  | FieldEventChange

/** Another relation (总分、套扣、定比、定量) of a usage point from an instant on, or none. */
export interface RelationChange {
  readonly kind: 'relation'
  readonly usagePoint: string
  readonly at: string
  readonly relation: RelationTerms | null
  readonly document: string
}

/** The energy counts in another direction from an instant on; null as where none is stated. */
export interface FlowChange {
  readonly kind: 'flow'
  readonly usagePoint: string
  readonly at: string
  readonly direction: FlowEntry['direction'] | null
  readonly document: string
}

/** A usage point lies behind another transformer from an instant on, or behind none. */
export interface TransformerChange {
  readonly kind: 'transformer'
  readonly usagePoint: string
  readonly at: string
  readonly transformer: Omit<TransformerEntry, 'usagePoint' | 'from' | 'to'> | null
  readonly document: string
}

/** A usage point begins or ceases to feed a transformer area. */
export interface AreaSupplyChange {
  readonly kind: 'area_supply'
  readonly transformerArea: string
  readonly usagePoint: string
  readonly at: string
  readonly isSupplied: boolean
  readonly document: string
}

/** An account is reached elsewhere by a channel, on the ground of its consent, or no longer by it. */
export interface ContactChange {
  readonly kind: 'contact'
  readonly account: string
  readonly channel: ContactEntry['channel']
  readonly at: string
  readonly contact: Pick<ContactEntry, 'address' | 'consentEvidence' | 'verified'> | null
  readonly document: string
}

/** Other instrument transformers; the registers at the instant are noted on site. */
export interface MultiplierChange {
  readonly kind: 'multiplier'
  readonly usagePoint: string
  readonly at: string
  readonly ctRatio: number
  readonly ptRatio: number
  readonly registers: NotedRegisters
  readonly document: string
}

/** A meter is taken away and none takes its place. */
export interface MeterRemovalChange {
  readonly kind: 'meter_removal'
  readonly usagePoint: string
  readonly at: string
  readonly meter: string
  readonly stopRegisters: NotedRegisters
  readonly document: string
}

/** Another tariff, class or capacity from a local midnight on; what is absent stays. */
export interface AgreementChange {
  readonly kind: 'agreement'
  readonly account: string
  readonly usagePoint: string
  readonly at: string
  readonly tariff?: string
  readonly usageClass?: UsageClass
  readonly contractCapacityKva?: number
  readonly document: string
}

/** Usage points, such as a whole reading group, get another reading day; the one of before stays on record. */
export interface ReadingDayChange {
  readonly kind: 'reading_day'
  readonly usagePoints: readonly string[]
  readonly at: string
  readonly readingDay: number
  readonly document: string
}

/** A crew takes over a transformer area; who owned it before stays on record. */
export interface CrewAssignmentChange {
  readonly kind: 'crew_assignment'
  readonly transformerArea: string
  readonly at: string
  readonly crew: string
  readonly document: string
}

export interface FieldEventChange extends FieldEventEntry {
  readonly kind: 'field_event'
}

export interface PlannedOutageChange extends PlannedOutageEntry {
  readonly kind: 'planned_outage'
}

/** The meter of a usage point is exchanged; stop and start registers come from the fitter's note. */
export interface MeterExchangeChange {
  readonly kind: 'meter_exchange'
  readonly usagePoint: string
  readonly at: string
  readonly oldMeter: string
  readonly newMeter: MeterEntry
  readonly stopRegisters: NotedRegisters
  readonly startRegisters: NotedRegisters
  readonly document: string
}

/** A new customer takes over a usage point at a local midnight; the old account is cleared on the months it used. */
export interface AccountTransferChange {
  readonly kind: 'account_transfer'
  readonly usagePoint: string
  readonly at: string
  readonly oldAccount: string
  readonly customer: CustomerEntry
  readonly account: AccountEntry
  readonly contacts: readonly Omit<ContactEntry, 'account' | 'from' | 'to'>[]
  readonly document: string
}

/** Decimal texts in kWh; absent where the meter has no such register. */
export interface NotedRegisters {
  readonly total: string
  readonly tou1?: string
  readonly tou2?: string
  readonly tou3?: string
  readonly tou4?: string
}
