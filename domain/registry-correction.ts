import type { FieldEventKind } from './field-event.js'
import type { MeterEntry } from './meter-entries.js'
import type {
  AccountTransferChange,
  AgreementChange,
  MasterDataChange,
  FieldEventChange,
  FlowChange,
  InstallationChange,
  MeterExchangeChange,
  MeterRemovalChange,
  MultiplierChange,
  RelationChange,
  TransformerChange,
} from './registry-change.js'
import type { Instant } from './time.js'

/** Changes that can be withdrawn or put right: those that move money, and what a work order said of seals and faults. */
export type CorrectableChange =
  | MeterExchangeChange
  | MeterRemovalChange
  | InstallationChange
  | MultiplierChange
  | AgreementChange
  | RelationChange
  | FlowChange
  | TransformerChange
  | FieldEventChange
  | MeterDescription

/** Changes on which quantities of bills rest: told of a time that was billed, they take two people. */
export type MoneyMovingChange = Exclude<CorrectableChange, FieldEventChange | MeterDescription> | AccountTransferChange

/** What a meter is, in place of what was typed; what is absent was right. It was so from the beginning. */
export interface MeterDescription extends Partial<Omit<MeterEntry, 'code'>> {
  readonly kind: 'meter'
  readonly meter: string
  readonly document: string
}

/** The change that was wrong, by its kind, object and instant; the description of a meter holds at any time. */
export type CorrectionTarget =
  | {
      readonly kind: Exclude<CorrectableChange['kind'], 'agreement' | 'field_event' | 'meter'>
      readonly usagePoint: string
      readonly at: string
    }
  | { readonly kind: 'agreement'; readonly account: string; readonly at: string }
  | {
      readonly kind: 'field_event'
      readonly meter: string
      readonly event: FieldEventKind
      readonly at: string
    }
  | { readonly kind: 'meter'; readonly meter: string }

/** A later version of an agreement that had copied a wrong value unchanged, and what it says instead. */
export interface CarriedValue {
  readonly account: string
  /** When the version begins. */
  readonly from: Instant
  readonly field: 'tariff' | 'usageClass' | 'contractCapacityKva'
  readonly was: string | null
  readonly becomes: string | null
}

/**
 * An earlier change was wrong. One person writes it; it takes effect when a second one hands in the very same. What was believed before
 * stays on record.
 */
export interface CorrectionChange {
  readonly kind: 'correction'
  readonly of: CorrectionTarget
  /** What holds in its place, of the same kind; null: there was no such change. A change told late is put where nothing stood. */
  readonly instead: CorrectableChange | MoneyMovingChange | null
  readonly reason: string
  readonly document: string
  /** Needed where a bill was issued on the change: whoever says so knows that it is to be corrected, too. */
  readonly correctionBillDue?: boolean
}

/** What somebody may hand in about the registry, one at a time. */
export type RegistryChange = MasterDataChange | CorrectionChange
