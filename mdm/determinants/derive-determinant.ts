import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { MeterId } from '../../domain/reading.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/determinants.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import { fitsHistory } from './fits-history.js'
import type { DeterminantPolicy } from './policy.js'

export interface Period {
  readonly periodStart: Instant
  readonly periodEnd: Instant
}
/** What an account is billed on. Energies kWh e4 after the multiplier: total, tou1…tou4 of the meter. */
export interface Determinant {
  readonly accountId: bigint
  readonly usagePointId: bigint
  readonly tariffCode: string
  readonly settlementKind: 'regular' | 'transfer'
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly ladderFrom: LocalDate
  readonly energiesE4: Energies
  readonly estimated: boolean
  readonly segments: readonly {
    readonly meterId: MeterId
    readonly multiplier: number
    readonly startRead: Instant
    readonly endRead: Instant
  }[]
}
export type Energies = readonly [total: bigint, tou1: bigint, tou2: bigint, tou3: bigint, tou4: bigint]

/** Why an account gets no bill from this freeze. */
export type HoldCode =
  | 'several_agreements'
  | 'no_installation'
  | 'no_multiplier'
  | 'installation_gap'
  | 'too_many_segments'
  | 'boundary_missing'
  | 'boundary_held'
  | 'boundary_estimated'
  | 'registers_differ'
  | 'register_decreased'
  | 'contradicted'
  | 'usage_unlike_history'
  | 'tou_tables_differ'

export interface Hold {
  readonly kind: HoldCode
  readonly detail: string
}

/** Instants at which a meter's value stands held because a register fell. */
export type Decreases = ReadonlyMap<MeterId, readonly Instant[]>

/** The determinant table's own bound. */
const mostSegments = 16

/**
 * The determinant of one account from its metering segments, in order of time. The multiplier is applied here and nowhere else
 * (billing-rules 2.6, 2.7); any doubt holds the account instead of guessing.
 */
export function deriveDeterminant(
  rows: readonly SegmentRow[],
  period: Period,
  policy: DeterminantPolicy,
  decreases: Decreases,
): Result<Determinant, Hold> {
  const first = present(rows[0], 'a segment of the account')
  if (rows.some((row) => row.agreementFrom !== first.agreementFrom))
    return hold('several_agreements', 'the agreement changes inside the period')
  const periodStart = Math.max(period.periodStart, first.agreementFrom)
  const periodEnd = Math.min(period.periodEnd, first.agreementTo ?? period.periodEnd)
  const covered = checkCoverage(rows, periodStart, periodEnd)
  if (!covered.ok) return covered
  const measured: MeasuredSegment[] = []
  for (const row of rows) {
    const segment = measure(row, policy)
    if (!segment.ok) return segment
    const contradiction = contradictionOf(row, policy, decreases)
    if (contradiction !== null) return contradiction
    measured.push(segment.value)
  }
  const stretches = measured.map(({ energiesE4, row }) => ({
    energyE4: energiesE4[0],
    lengthMs: row.endAt - row.startAt,
  }))
  if (!fitsHistory(stretches, policy))
    return hold('usage_unlike_history', 'usage per day changed with the meter or multiplier')
  return ok({
    accountId: first.accountId,
    usagePointId: first.usagePointId,
    tariffCode: first.tariffCode,
    settlementKind: periodEnd < period.periodEnd ? 'transfer' : 'regular',
    periodStart,
    periodEnd,
    ladderFrom: first.ladderFrom,
    energiesE4: measured.map(({ energiesE4 }) => energiesE4).reduce(addEnergies),
    estimated: false,
    segments: measured.map(({ meterId, multiplier, startRead, endRead }) => ({
      meterId,
      multiplier,
      startRead,
      endRead,
    })),
  })
}

/** Meters and multipliers are known from the first instant to the last, without a gap. */
function checkCoverage(rows: readonly SegmentRow[], start: Instant, end: Instant): Result<null, Hold> {
  if (rows.length > mostSegments) return hold('too_many_segments', `${rows.length} metering segments`)
  let reached = start
  for (const row of rows) {
    if (row.meter === null) return hold('no_installation', `no meter at the usage point from ${isoText(row.startAt)}`)
    if (row.multiplier === null) return hold('no_multiplier', `no multiplier from ${isoText(row.startAt)}`)
    if (row.startAt !== reached) return hold('installation_gap', `nothing measures from ${isoText(reached)}`)
    reached = row.endAt
  }
  return reached === end ? ok(null) : hold('installation_gap', `nothing measures from ${isoText(reached)}`)
}

/**
 * A lower value inside or shortly after the segment: of two reads in reversed order nobody can say which is wrong, so neither the
 * higher one nor the difference over it is billed (reliability, story 5).
 */
function contradictionOf(row: SegmentRow, policy: DeterminantPolicy, decreases: Decreases) {
  const instants = row.meter === null ? [] : (decreases.get(row.meter.meterId) ?? [])
  const at = instants.find((instant) => instant > row.startAt && instant < row.endAt + policy.contradictionMs)
  return at === undefined ? null : hold('contradicted', `a lower value at ${isoText(at)} contradicts what is accepted`)
}

interface MeasuredSegment {
  readonly row: SegmentRow
  readonly meterId: MeterId
  readonly multiplier: number
  readonly startRead: Instant
  readonly endRead: Instant
  readonly energiesE4: Energies
}

function measure(row: SegmentRow, policy: DeterminantPolicy): Result<MeasuredSegment, Hold> {
  const start = knownBoundary(row.start, row.startAt)
  if (!start.ok) return start
  const end = knownBoundary(row.end, row.endAt)
  if (!end.ok) return end
  const meter = present(row.meter, 'a checked meter')
  const multiplier = present(row.multiplier, 'a checked multiplier')
  const limitE4 = physicalLimitE4(meter, start.value.readAt, end.value.readAt, policy.validation)
  const energies: bigint[] = []
  for (const [index, earlierE4] of registersOf(start.value).entries()) {
    const laterE4 = registersOf(end.value)[index] ?? null
    if ((earlierE4 === null) !== (laterE4 === null))
      return hold('registers_differ', `register ${index} is known at one end of ${isoText(row.startAt)} only`)
    const delta = registerDelta(earlierE4 ?? 0n, laterE4 ?? 0n, meter, limitE4)
    if (!delta.ok)
      return hold(
        'register_decreased',
        `register ${index} fell between ${isoText(row.startAt)} and ${isoText(row.endAt)}`,
      )
    energies.push(delta.value * BigInt(multiplier))
  }
  const [total = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = energies
  return ok({
    row,
    meterId: meter.meterId,
    multiplier,
    startRead: start.value.readAt,
    endRead: end.value.readAt,
    energiesE4: [total, tou1, tou2, tou3, tou4],
  })
}

type KnownBoundary = BoundaryRow & { readonly registers: NonNullable<BoundaryRow['registers']> }

function knownBoundary(boundary: BoundaryRow | null, at: Instant): Result<KnownBoundary, Hold> {
  if (boundary === null) return hold('boundary_missing', `no reading for ${isoText(at)}`)
  const { registers, verdict, readAt } = boundary
  if (registers === null) return hold('boundary_held', `the reading for ${isoText(at)} is held`)
  if (verdict === 'estimated') return hold('boundary_estimated', `the reading for ${isoText(at)} is an estimate`)
  return ok({ readAt, verdict, registers })
}

function registersOf({ registers }: KnownBoundary): readonly (bigint | null)[] {
  return [registers.totalE4, ...registers.touE4]
}

function addEnergies(a: Energies, b: Energies): Energies {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]]
}

function hold(kind: HoldCode, detail: string) {
  return err<Hold>({ kind, detail })
}

function isoText(instant: Instant): string {
  return new Date(instant).toISOString()
}
