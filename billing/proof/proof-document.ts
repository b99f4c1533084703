/**
 * Everything that one bill rests on, as JSON: kWh, currency per kWh and currency as decimal texts, bytes as hexadecimal text, instants
 * ISO 8601 in UTC, days local. `billing/checker` verifies it and reads it with code of its own.
 */
export interface ProofDocument {
  readonly format: 'proof/1'
  readonly bill: {
    readonly organisation: string
    readonly number: string
    readonly account: string
    readonly run: string
    readonly manifestSha256: string
    /** Local days [periodFrom, periodTo). */
    readonly periodFrom: string
    readonly periodTo: string
    readonly settlement: 'regular' | 'transfer'
    readonly tariffCode: string
    readonly tariffVersion: number
    readonly energy: string
    readonly ladderEnergy: string
    readonly amount: string
    readonly estimated: boolean
    readonly lines: readonly ProofLine[]
    readonly linesSha256: string
  }
  readonly segments: readonly ProofSegment[]
  /** After the multiplier, over all segments. */
  readonly determinant: ProofRegisters
  readonly tariff: { readonly document: unknown; readonly sha256: string }
  /** Null under a tariff without a ladder. */
  readonly ladder: { readonly from: string; readonly opening: string } | null
  /** Null for a bill that comes to nothing. */
  readonly entry: { readonly date: string; readonly legs: readonly ProofLeg[] } | null
  /** SHA-256 over the canonical JSON of all the rest. */
  readonly sha256: string
}

export interface ProofLine {
  readonly component: string
  readonly slot: string
  readonly block: number
  readonly energy: string
  readonly price: string
  readonly amount: string
}

export interface ProofLeg {
  readonly account: number
  readonly amount: string
}

/** Decimal texts in kWh; null where the meter has no such register. */
export interface ProofRegisters {
  readonly total: string
  readonly tou1: string | null
  readonly tou2: string | null
  readonly tou3: string | null
  readonly tou4: string | null
}

/** One meter with one multiplier over a stretch of the period. */
export interface ProofSegment {
  readonly meter: {
    readonly code: string
    readonly address: string
    readonly model: string
    readonly registerDigits: number
    /** Where a Modbus model keeps its registers. */
    readonly registerMap: unknown
  }
  readonly multiplier: number
  readonly start: ProofBoundary
  readonly end: ProofBoundary
}

/** The decided registers at one end of a segment, before the multiplier. */
export interface ProofBoundary {
  readonly at: string
  readonly verdict: string
  readonly rules: readonly string[]
  readonly reason: string
  readonly source: string | null
  readonly registers: ProofRegisters
  readonly frame: ProofFrame | null
  /** The note a person made of the registers. */
  readonly document: { readonly name: string; readonly notedBy: string } | null
}

export interface ProofFrame {
  readonly line: string
  readonly sequence: string
  readonly receivedAt: string
  readonly protocol: string
  readonly request: string | null
  readonly response: string
}
