/** What keeps the checker from working out a charge by itself. */
export type TrustReason =
  /** A price, a quantity or a condition asks for demand, history, equipment or the like. */
  | 'unknown_operation'
  /** A quantity of another time than the bill's, or one that the bill does not state. */
  | 'quantity_not_stated'
  /** A fact, a season or a version changes within the period, and what is charged is not simply shared by days. */
  | 'cut_period'
  /** Free quantities and least quantities. */
  | 'quantity_rule'
  /** Packages, flat amounts, prices by interval, blocks that fill as time goes by. */
  | 'unknown_model'
  /** Blocks over a scope that the checker does not follow. */
  | 'unknown_scope'
  /** Minimum and maximum charges, power factor, charges by the year. */
  | 'unknown_component'

/** Lines that the checker did not work out again: their arithmetic holds, their quantities are taken on trust. */
export interface TrustedLines {
  readonly component: string
  readonly reason: TrustReason
  readonly lines: number
}

/** Thrown where a charge cannot be worked out here, and caught where its component began. */
export class OnTrust extends Error {
  readonly reason: TrustReason

  constructor(reason: TrustReason) {
    super(reason)
    this.reason = reason
  }
}

export function onTrust(reason: TrustReason): never {
  throw new OnTrust(reason)
}
