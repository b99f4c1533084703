import { err, ok, present, type Result } from '../../domain/result.js'
import { dayMs, type Instant, type LocalDate } from '../../domain/time.js'
import type { MeterId } from '../../domain/reading.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/determinants.js'
import { type RegisterWidth, widthE4 } from '../../domain/register-width.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import { beliedNote } from './belied-note.js'
import { type Evidence, isNote } from './evidence.js'
import { exchangeFits } from './exchange-fits.js'
import { fitsHistory } from './fits-history.js'
import { isStale } from './is-stale.js'
import { heavyJumpIn } from './lone-jump.js'
import { lostDigitIn } from './lost-digit.js'
import { besideNote, noteFits } from './note-fits.js'
import type { DeterminantPolicy } from './policy.js'
import { contradictionOf } from './standing-doubts.js'
import { turnedUnitIn } from './turned-unit.js'

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
  readonly segments: readonly DeterminantSegment[]
}
export interface DeterminantSegment {
  readonly meter: NonNullable<SegmentRow['meter']>
  readonly meterId: MeterId
  readonly multiplier: number
  readonly startAt: Instant
  readonly endAt: Instant
  readonly startRead: Instant
  readonly endRead: Instant
  readonly energiesE4: Energies
  /** Of a segment that begins with the last billed registers of the old books: their batches. */
  readonly opensWith?: string
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
  | 'boundary_stale'
  | 'note_unlike_readings'
  | 'new_multiplier'
  | 'lone_jump'
  | 'usage_unlike_history'
  | 'tou_tables_differ'
  | 'relation_negative'
  | 'relation_changed'
  | 'relation_member_held'
  | 'before_go_live'
  | 'opening_differs'
  | 'opening_estimate_above'
  | 'no_contract_capacity'
  | 'shares_above_one'
  | 'parent_without_meter'
  | 'address_twice'

export interface Hold {
  readonly kind: HoldCode
  readonly detail: string
}

/** The determinant table's own bound. */
const mostSegments = 16

/**
 * The determinant of one account from its metering segments, in order of time. The multiplier is applied here and nowhere else
 * (billing-rules 2.6, 2.7); any doubt holds the account instead of guessing.
 * @param answered doubts that people have looked at and let pass; what is not known at all cannot be answered.
 */
export function deriveDeterminant(
  rows: readonly SegmentRow[],
  period: Period,
  policy: DeterminantPolicy,
  evidence: Evidence,
  answered: ReadonlySet<HoldCode> = nothingAnswered,
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
    const segment = measure(row, policy, evidence)
    if (!segment.ok) return segment
    const contradiction = contradictionOf(row, policy, evidence)
    if (contradiction !== null && !answered.has('contradicted')) return hold('contradicted', contradiction)
    const lostAt = lostDigitIn(row, policy, evidence)
    if (lostAt !== null && !answered.has('contradicted'))
      return hold('contradicted', `usage jumped to ${isoText(lostAt)}, and the last digit is a zero ever since`)
    const turnedAt = turnedUnitIn(row, policy, evidence)
    if (turnedAt !== null && !answered.has('contradicted'))
      return hold('contradicted', `a register turned over at ${isoText(turnedAt)} and counts a small part ever since`)
    const countedE4 = segment.value.energiesE4[0] / BigInt(segment.value.multiplier)
    const jumpedAt = heavyJumpIn(row, countedE4, policy, evidence)
    if (jumpedAt !== null && !answered.has('lone_jump'))
      return hold('lone_jump', `usage jumped to ${isoText(jumpedAt)} and on no day beside it`)
    measured.push(segment.value)
  }
  const energiesE4 = measured.map((segment) => segment.energiesE4).reduce(addEnergies)
  const doubts = [...repetitions(measured, policy, evidence), ...changes(measured, policy, evidence)]
  const open = doubts.find(({ kind }) => !answered.has(kind))
  if (open !== undefined) return err(open)
  return ok({
    accountId: first.accountId,
    usagePointId: first.usagePointId,
    tariffCode: first.tariffCode,
    settlementKind: periodEnd < period.periodEnd ? 'transfer' : 'regular',
    periodStart,
    periodEnd,
    ladderFrom: first.ladderFrom,
    energiesE4,
    estimated: false,
    segments: measured.map(({ row, meterId, multiplier, start, end, energiesE4: ownE4 }) => ({
      meter: present(row.meter, 'a checked meter'),
      meterId,
      multiplier,
      startAt: row.startAt,
      endAt: row.endAt,
      startRead: start.readAt,
      endRead: end.readAt,
      energiesE4: ownE4,
      ...(row.opensWith === undefined ? {} : { opensWith: row.opensWith }),
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

const nothingAnswered: ReadonlySet<HoldCode> = new Set()

/** The period neither begins nor ends with an old value. */
function* repetitions(
  measured: readonly MeasuredSegment[],
  policy: DeterminantPolicy,
  evidence: Evidence,
): Generator<Hold> {
  for (const { row, start, end } of measured) {
    const stale = [start, end].find((boundary) => isStale(row, boundary, evidence, policy))
    if (stale !== undefined)
      yield { kind: 'boundary_stale', detail: `the reading of ${isoText(stale.readAt)} may be that of the day before` }
  }
}

/** With a new meter or multiplier the notes, the multiplier and the usage after it have to fit what is known beside them. */
function* changes(
  measured: readonly MeasuredSegment[],
  policy: DeterminantPolicy,
  { readings, jumps, doubts }: Evidence,
): Generator<Hold> {
  const stretches = measured.map(({ energiesE4, row }) => {
    return { energyE4: energiesE4[0], lengthMs: row.endAt - row.startAt }
  })
  const energyE4 = stretches.reduce((sum, stretch) => sum + stretch.energyE4, 0n)
  const lengthMs = stretches.reduce((sum, stretch) => sum + stretch.lengthMs, 0)
  for (const [index, { row, multiplier, meterId }] of measured.entries()) {
    const usualE4PerDay = (energyE4 * BigInt(dayMs)) / BigInt(lengthMs) / BigInt(multiplier)
    const around = readings.get(meterId) ?? []
    for (const end of ['start', 'end'] as const)
      if (!noteFits({ row, end, usualE4PerDay }, around, policy))
        yield {
          kind: 'note_unlike_readings',
          detail: `the note of ${isoText(row[`${end}At`])} does not fit the reading beside it`,
        }
    const belied = beliedNote(row, usualE4PerDay, { doubts, readings })
    if (belied !== null)
      yield {
        kind: 'note_unlike_readings',
        detail: `the other meter of the exchange of ${isoText(row[`${belied}At`])} shows something else than its note`,
      }
    const next = measured[index + 1]
    if (next === undefined) continue
    const taken = besideNote({ row, end: 'end' }, around, policy)
    const hung = besideNote({ row: next.row, end: 'start' }, readings.get(next.meterId) ?? [], policy)
    if (taken === null || hung === null) continue
    const sides = [
      { beside: taken, multiplier },
      { beside: hung, multiplier: next.multiplier },
    ] as const
    if (!exchangeFits(...sides, (energyE4 * BigInt(dayMs)) / BigInt(lengthMs), policy))
      yield {
        kind: 'note_unlike_readings',
        detail: `both notes of ${isoText(row.endAt)} together do not fit the readings beside them`,
      }
  }
  const jumpsAfter = ({ meterId, row }: MeasuredSegment) =>
    (jumps.get(meterId) ?? []).some(({ readAt }) => readAt > row.endAt && readAt <= row.endAt + policy.newMeterJumpMs)
  if (measured.some((segment) => isNote(segment.start) && jumpsAfter(segment)))
    yield { kind: 'usage_unlike_history', detail: 'usage jumped right after the first period of a new meter' }
  if (policy.holdsNewMultiplier && measured.some(({ multiplier }) => multiplier !== measured[0]?.multiplier))
    yield {
      kind: 'new_multiplier',
      detail: `the multipliers are ${measured.map(({ multiplier }) => multiplier).join(', ')}`,
    }
  if (!fitsHistory(stretches, policy))
    yield { kind: 'usage_unlike_history', detail: 'usage per day changed with the meter or multiplier' }
}

interface MeasuredSegment {
  readonly row: SegmentRow
  readonly meterId: MeterId
  readonly multiplier: number
  readonly start: KnownBoundary
  readonly end: KnownBoundary
  readonly energiesE4: Energies
}

function measure(row: SegmentRow, policy: DeterminantPolicy, evidence: Evidence): Result<MeasuredSegment, Hold> {
  const start = knownBoundary(row.start, row.startAt)
  if (!start.ok) return start
  const end = knownBoundary(row.end, row.endAt)
  if (!end.ok) return end
  const meter = present(row.meter, 'a checked meter')
  const multiplier = present(row.multiplier, 'a checked multiplier')
  const limitE4 = physicalLimitE4(meter, start.value.readAt, end.value.readAt, policy.validation)
  const turnedOver = (evidence.turnovers.get(meter.meterId) ?? []).some(
    ({ readAt }) => readAt > start.value.readAt && readAt <= end.value.readAt,
  )
  const energies: bigint[] = []
  for (const [index, earlierE4] of registersOf(start.value).entries()) {
    const laterE4 = registersOf(end.value)[index] ?? null
    if ((earlierE4 === null) !== (laterE4 === null))
      return hold(
        'registers_differ',
        `${index === 0 ? 'the total' : `tou${index}`} is known at ${earlierE4 === null ? isoText(row.endAt) : isoText(row.startAt)} and not at ${earlierE4 === null ? isoText(row.startAt) : isoText(row.endAt)}`,
      )
    const delta = countedBetween(earlierE4 ?? 0n, laterE4 ?? 0n, { meter, limitE4, turnedOver })
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
    start: start.value,
    end: end.value,
    energiesE4: [total, tou1, tou2, tou3, tou4],
  })
}

/** A small display may turn over by much of its range in a month, where a day of it was seen to do so. */
function countedBetween(
  earlierE4: bigint,
  laterE4: bigint,
  seen: { readonly meter: RegisterWidth; readonly limitE4: bigint; readonly turnedOver: boolean },
): Result<bigint, { readonly kind: 'register_decreased' }> {
  const delta = registerDelta(earlierE4, laterE4, seen.meter, seen.limitE4)
  if (delta.ok || !seen.turnedOver) return delta
  const wrappedE4 = widthE4(seen.meter) - earlierE4 + laterE4
  return wrappedE4 <= seen.limitE4 ? ok(wrappedE4) : delta
}

type KnownBoundary = BoundaryRow & { readonly registers: NonNullable<BoundaryRow['registers']> }

function knownBoundary(boundary: BoundaryRow | null, at: Instant): Result<KnownBoundary, Hold> {
  if (boundary === null) return hold('boundary_missing', `no reading for ${isoText(at)}`)
  const { registers } = boundary
  if (registers === null) return hold('boundary_held', `the reading for ${isoText(at)} is held`)
  if (boundary.verdict === 'estimated')
    return hold('boundary_estimated', `the reading for ${isoText(at)} is an estimate`)
  return ok({ ...boundary, registers })
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
