/** What keeps the checker from working out a charge by itself. */
export type TrustReason =
  /** Windows of demand in slots or over an end of the period, clocks of another zone, a division by nothing. */
  | 'unknown_operation'
  /** A quantity of another time than the bill's, or one that the bill does not state. */
  | 'quantity_not_stated'
  /** A fact, a season or a version changes within the period, and what is charged is not simply shared by days. */
  | 'cut_period'
  /** Free quantities and least quantities of a part of the period. */
  | 'quantity_rule'
  /** Blocks that fill as time goes by, prices by interval in slots. */
  | 'unknown_model'
  /** Blocks over a scope that the checker does not follow: of days, or cut by the period. */
  | 'unknown_scope'
  /** A kind of charge, or of time, that this checker does not know. */
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
