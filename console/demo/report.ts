import type { LedgerTotal, NoticeTotal, Outcomes, TariffTotal } from '../status/status-data.js'

/** What the demo found, in the shape that `--json` prints. Money in fen, energy in kWh e4; large integers become strings. */
export interface DemoReport {
  readonly seed: number
  readonly database: { readonly tier: string; readonly connect: string }
  readonly collection: Outcomes & { readonly fieldOrders: number }
  readonly lines: readonly LineReport[]
  readonly billing: BillingReport
  readonly ledger: {
    readonly accounts: readonly LedgerTotal[]
    readonly debitMinusCreditFen: bigint
    readonly entries: number
    readonly postings: number
    /** Postings that no longer are what their hash chain, entry count and totals say. */
    readonly auditFaults: number
  }
  readonly notices: readonly NoticeTotal[]
  readonly cases: CaseReport
  /** Tasks given to people: those a payment has ended since, and those that remain. */
  readonly manualTasks: { readonly opened: number; readonly settled: number; readonly open: number }
  readonly truth: TruthReport
  readonly proof: ProofReport
  readonly resultHash: string
}

/** Frames and bytes of one line over the whole month. */
export interface LineReport {
  readonly line: string
  readonly requests: bigint
  readonly replies: bigint
  readonly bytesOut: bigint
  readonly bytesIn: bigint
  readonly damaged: bigint
  readonly refused: bigint
  readonly repaired: bigint
  readonly timeouts: bigint
}

export interface BillingReport {
  readonly accounts: number
  readonly bills: number
  readonly held: number
  readonly energyE4: bigint
  readonly amountFen: bigint
  readonly tariffs: readonly TariffTotal[]
}

/** What became of the overdue bills. */
export interface CaseReport {
  readonly opened: number
  readonly closedByPayment: number
  readonly manual: number
  readonly active: number
}

/** Comparison with the simulator's own truth, by code that shares nothing with the product. */
export interface TruthReport {
  readonly readings: number
  readonly bills: number
  readonly estimated: number
  readonly mismatches: number
  readonly firstMismatches: readonly string[]
}

export interface ProofReport {
  readonly billNumber: bigint
  readonly account: string
  readonly holds: boolean
  /** One line of text per step, from frame bytes to fen. */
  readonly steps: readonly string[]
}
