import type { Effective } from './effective.js'

export interface UsagePointEntry {
  readonly code: string
  readonly organisation: string
  readonly transformerArea: string
  readonly gridCell: string
  readonly supplyAddress: string
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
