import type { AccountEntry, AgreementEntry, ContactEntry, CustomerEntry } from './customer-entries.js'
import type { LineEntry } from './line-entries.js'
import type {
  FieldEventEntry,
  InstallationEntry,
  MeterEntry,
  MultiplierEntry,
  VerificationEntry,
} from './meter-entries.js'
import type { OpeningBatchEntry, OpeningItemEntry } from './opening-entries.js'
import type {
  ActorEntry,
  CrewAreaEntry,
  CrewEntry,
  CrewMemberEntry,
  GridCellEntry,
  OrganisationEntry,
  PlannedOutageEntry,
  TransformerAreaEntry,
} from './organisation-entries.js'
import type {
  AreaSupplyEntry,
  FlowEntry,
  ReadingDayEntry,
  RelationEntry,
  SuspensionEntry,
  TransformerEntry,
  UsagePointEntry,
} from './usage-point-entries.js'

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
