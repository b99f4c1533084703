import type { Instant } from '../../domain/time.js'
import type { Energies } from '../determinants/determinant.js'
import type { HoldCode } from '../determinants/hold.js'

/** A usage point (the child) is a part of another one over [from, to), clipped to the period of a freeze. */
export interface Relation {
  readonly childId: bigint
  readonly parentId: bigint
  readonly from: Instant
  readonly to: Instant
  readonly rule: RelationRule
}
export type RelationRule =
  /** 总分: the parent's meter measures the child's energy too; it is checked against its children. */
  | { readonly kind: 'main_sub' }
  /** 套扣: likewise, and the child's energy is taken off before the parent is billed. */
  | { readonly kind: 'deducted' }
  /** 定比: millionths of what fixed quantities leave of the parent's energy. The child has no meter. */
  | { readonly kind: 'share'; readonly shareE6: bigint }
  /** 定量: kWh e4 for the whole period, before all shares. The child has no meter. */
  | { readonly kind: 'quantity'; readonly quantityE4: bigint }

/** Whether the child has a meter of its own. */
export function isMetered({ rule }: Relation): boolean {
  return rule.kind === 'main_sub' || rule.kind === 'deducted'
}

/** Why relations leave an account without a quantity. */
export type RelationHoldCode = Extract<
  HoldCode,
  'relation_negative' | 'relation_changed' | 'relation_member_held' | 'shares_above_one'
>
export interface RelationHold {
  readonly kind: RelationHoldCode
  readonly detail: string
}

export interface GroupPeriod {
  readonly periodStart: Instant
  readonly periodEnd: Instant
}

/** The period of a group, and what people call its points and instants: a hold is read by a person. */
export interface GroupScene extends GroupPeriod {
  readonly codeOf: (usagePointId: bigint) => string
  /** Local time of the organisation. */
  readonly minuteOf: (instant: Instant) => string
}

export type RelationQuantity = 'relation_deducted' | 'relation_share' | 'fixed_quantity' | 'relation_common'

/** What a relation gives a point or takes off it; what is taken off is negative. A common part is told and changes nothing. */
export interface RelationPart {
  readonly quantity: RelationQuantity
  readonly otherPointId: bigint
  readonly energies: Energies
}

/** In order of children, then of time. */
export function byChild(a: Relation, b: Relation): number {
  if (a.childId !== b.childId) return a.childId < b.childId ? -1 : 1
  return a.from - b.from
}
