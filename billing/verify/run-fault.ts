/** A bill, or a segment as a whole, that does not hold, and the first node at which it does not. */
export interface RunFault {
  /** Null for what a segment says of all its bills. */
  readonly bill: string | null
  readonly account: string | null
  readonly segment: string
  readonly node: string
  readonly expected: string
  readonly found: string
}
