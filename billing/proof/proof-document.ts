import type { Bill, BillPeriod } from '../rating/bill.js'
import type { UsageDocument } from '../rating/usage/usage-schema.js'

/** What a bill says of itself under any tariff. */
export interface ProofBillHead {
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
  /** Of the entry and of the receivable, as the run's manifest says. */
  readonly accountingDate: string
  readonly dueDate: string
  readonly linesSha256: string
}

/** What the energies and the money of a bill rest on under any tariff, down to the frames. */
export interface ProofEvidence {
  /** What the account's own meters measured; none where relations give it everything. */
  readonly segments: readonly ProofSegment[]
  /** What its usage point gives to others or takes off them; null for one that stands alone. */
  readonly relations: ProofRelations | null
  /** What the account brought along from the old books; on its first bill only. */
  readonly opening: ProofOpening | null
  /** What is billed: after the multiplier, over all segments, after relations, less what the old books had estimated. */
  readonly determinant: ProofRegisters
  /** Null for a bill that comes to nothing. */
  readonly entry: {
    readonly account: string | null
    readonly kind: string
    readonly date: string
    readonly legs: readonly ProofLeg[]
  } | null
  /** What is owed; null for a bill that comes to nothing. */
  readonly receivable: { readonly account: string | null; readonly amount: string; readonly dueDate: string } | null
  /** SHA-256 over the canonical JSON of all the rest. */
  readonly sha256: string
}

/**
 * Everything that one bill rests on, as JSON: kWh, currency per kWh and currency as decimal texts, bytes as hexadecimal text, instants
 * ISO 8601 in UTC, days local. `billing/checker` verifies it and reads it with code of its own.
 */
export interface ProofDocument extends ProofEvidence {
  readonly format: 'proof/2'
  readonly bill: ProofBillHead & { readonly lines: readonly ProofLine[] }
  readonly tariff: { readonly document: unknown; readonly sha256: string }
  /** Null under a tariff without a ladder. */
  readonly ladder: { readonly from: string; readonly opening: string } | null
}

/**
 * The same of a bill under a tariff of components. Its lines are those that are stored; `rated` is what its usage, re-derived from the frozen
 * determinants, comes to under the versions of the run.
 */
export interface ComponentProof extends ProofEvidence {
  readonly format: 'component-proof/1'
  readonly bill: ProofBillHead & { readonly lines: BillPeriod['lines'] }
  readonly tariff: { readonly versions: readonly { readonly document: unknown; readonly sha256: string }[] }
  /** The interval days that the usage is made of; null where the registers are rated. */
  readonly intervals: ProofIntervals | null
  /** What the account's meters counted beside the energy that is billed, and what is made of it. By name. */
  readonly measured: readonly ProofMeasured[]
  readonly usage: UsageDocument
  readonly rated: Bill
  /** The stored state that the next bill opens with; that of `rated` where nothing has changed. */
  readonly closing: unknown
  /** Of the lines of `rated`; the bill's where nothing has changed. */
  readonly ratedSha256: string
}

/** A further determinant, after the multiplier: from registers, from settled demands, or added up from others. */
export type ProofMeasured = {
  readonly name: string
  readonly unit: 'kWh' | 'kvarh' | 'kW'
  readonly registers: ProofRegisters
} & (
  | { readonly from: 'registers'; readonly segments: readonly ProofSegment[] }
  | { readonly from: 'settlements'; readonly moment: string | null; readonly settlements: readonly ProofSettlement[] }
  /** The sum of the magnitudes of these determinants. */
  | { readonly from: 'sum'; readonly of: readonly string[] }
  /** ΔW = P0·T + k·(Wp² + Wq²)·Pk ÷ (Se²·T), rounded half up to e4, shared by what each point bears. */
  | { readonly from: 'transformer'; readonly transformer: ProofTransformer }
  /** Worked out by the freeze: a loss among points with relations. */
  | { readonly from: 'freeze'; readonly basis: string }
)

/** The transformer of a loss over [from, to), with the usage points behind it that are metered on its low side, in the order in which shares are rounded. */
export interface ProofTransformer {
  readonly code: string
  readonly ratedKva: string
  readonly noLoadLossKw: string
  readonly loadLossKw: string
  readonly noLoadCurrentPercent: string | null
  readonly impedancePercent: string | null
  /** k. */
  readonly loadShape: string
  readonly from: string
  readonly to: string
  /** What is billed, and what went through each meter, kWh and kvarh; the bills of the other points prove theirs. */
  readonly points: readonly {
    readonly point: string
    readonly isOwn: boolean
    readonly borne: string
    readonly active: string
    readonly reactive: string
  }[]
}

/** The highest demands, kW before the multiplier, that the end of a settlement period left in a meter. */
export interface ProofSettlement {
  readonly meter: { readonly code: string; readonly address: string }
  readonly multiplier: number
  readonly at: string
  readonly registers: ProofRegisters
  readonly frame: ProofFrame | null
}

export interface ProofIntervals {
  /** Why they stand in for registers by slot; null under a tariff that asks for the curve. */
  readonly insteadOf: string | null
  readonly days: readonly ProofIntervalDay[]
}

/** A settled day of a meter's curve, [from, to), before the multiplier. The digest is the one it was settled with and covers all but the frames. */
export interface ProofIntervalDay {
  readonly meter: string
  readonly multiplier: number
  readonly from: string
  readonly to: string
  readonly date: string
  readonly revision: number
  readonly minutes: number
  readonly verdict: 'complete' | 'filled'
  readonly rules: readonly string[]
  readonly reason: string
  /** Registers at both ends, and the sum of the intervals less what these say; null where unknown. */
  readonly start: string | null
  readonly end: string | null
  readonly difference: string | null
  readonly values: readonly string[]
  /** A byte an interval: 0 measured, 1 estimated, 3 not installed, 4 suspect. */
  readonly qualities: string
  readonly fills: readonly {
    readonly slot: number
    readonly slots: number
    readonly energy: string
    readonly method: string
    readonly basisDays: number
    readonly halfWidth: string
  }[]
  readonly digest: string
  /** Messages that brought points of the day, by the SHA-256 of the whole response; it may speak of other customers' meters, too. */
  readonly frames: readonly {
    readonly line: string
    readonly sequence: string
    readonly receivedAt: string
    readonly protocol: string
    readonly sha256: string
    readonly points: number
  }[]
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

/** One meter with one multiplier over a stretch of the period, [from, to). */
export interface ProofSegment {
  readonly from: string
  readonly to: string
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

/** A usage point among those it is a part of, or that are a part of it, over [from, to) of the freeze. */
export interface ProofRelations {
  readonly from: string
  readonly to: string
  /** The account's own usage point, by code. */
  readonly point: string
  /** By child and time; those alone on which its quantity depends. */
  readonly relations: readonly ProofRelation[]
  /** What the meters of the other usage points measured. */
  readonly points: readonly { readonly point: string; readonly segments: readonly ProofSegment[] }[]
}

export interface ProofRelation {
  readonly child: string
  readonly parent: string
  readonly kind: 'main_sub' | 'deducted' | 'share' | 'quantity'
  /** Part of the parent's energy; of a `share`. */
  readonly share: string | null
  /** kWh for a whole period; of a `quantity`. */
  readonly quantity: string | null
  readonly from: string
  readonly to: string
}

/** The state of the old books that two people approved, as far as the account goes. Registers before the multiplier, energies after it. */
export interface ProofOpening {
  readonly asOf: string
  readonly batches: readonly {
    readonly batch: string
    readonly document: string
    readonly sha256: string
    readonly author: string
    readonly approvers: readonly string[]
  }[]
  /** The last registers that were read and billed. */
  readonly registers: readonly { readonly meter: string; readonly registers: ProofRegisters }[]
  /** What was billed beyond them without reading, over local days [fromDay, toDay). */
  readonly estimates: readonly { readonly fromDay: string; readonly toDay: string; readonly energies: ProofRegisters }[]
  /** Energy and months of the year's ladder. */
  readonly ladder: { readonly energy: string; readonly months: number } | null
  /** Demand history; no tariff of this product asks for it yet. */
  readonly demands: readonly { readonly month: string; readonly kw: string }[]
  readonly prepaid: string
  readonly arrears: readonly { readonly bill: string; readonly amount: string; readonly dueDate: string }[]
}
