import type { FieldEventKind } from './field-event.js'
import type {
  AgreementChange,
  MasterDataChange,
  FieldEventChange,
  FlowChange,
  MeterExchangeChange,
  MeterRemovalChange,
  MultiplierChange,
  RelationChange,
  TransformerChange,
} from './registry-change.js'

/** Changes that can be withdrawn or put right: those that move money, and what a work order said of seals and faults. */
export type CorrectableChange =
  | MeterExchangeChange
  | MeterRemovalChange
  | MultiplierChange
  | AgreementChange
  | RelationChange
  | FlowChange
  | TransformerChange
  | FieldEventChange

/** The change that was wrong, by its kind, object and instant. */
export type CorrectionTarget =
  | {
      readonly kind: Exclude<CorrectableChange['kind'], 'agreement' | 'field_event'>
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

/**
 * An earlier change was wrong. One person writes it; it takes effect when a second one hands in the very same. What was believed before
 * stays on record.
 */
export interface CorrectionChange {
  readonly kind: 'correction'
  readonly of: CorrectionTarget
  /** What holds in its place, of the same kind; null: there was no such change. */
  readonly instead: CorrectableChange | null
  readonly reason: string
  readonly document: string
  /** Needed where a bill was issued on the change: whoever says so knows that it is to be corrected, too. */
  readonly correctionBillDue?: boolean
}

/** What somebody may hand in about the registry, one at a time. */
export type RegistryChange = MasterDataChange | CorrectionChange
