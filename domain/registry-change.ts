import type { AccountEntry, ContactEntry, CustomerEntry } from './customer-entries.js'
import type { FieldEventEntry, MeterEntry, NotedRegisters } from './meter-entries.js'
import type { PlannedOutageEntry } from './organisation-entries.js'
import type { UsageClass } from './usage-class.js'
import type { FlowEntry, RelationTerms, TransformerEntry } from './usage-point-entries.js'

/** A dated change of master data, recorded when it becomes known. */
export type MasterDataChange =
  | MeterExchangeChange
  | AccountTransferChange
  | CrewAssignmentChange
  | PlannedOutageChange
  | ReadingDayChange
  | MultiplierChange
  | MeterRemovalChange
  | InstallationChange
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

/** A meter that the registry has begins to measure a usage point at which nothing does; its registers are noted where somebody read them. */
export interface InstallationChange {
  readonly kind: 'installation'
  readonly usagePoint: string
  readonly at: string
  readonly meter: string
  readonly line: string
  readonly startRegisters?: NotedRegisters
  readonly document: string
}

/**
 * Another tariff, class or capacity from a local midnight on; what is absent stays. Later versions of the agreement that say what held until
 * then follow, up to the first that says something else.
 */
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
