import { err, ok, present, type Result } from '../../domain/result.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { changeDoubts } from './change-doubts.js'
import { checkCoverage } from './check-coverage.js'
import type { Determinant, DeterminantSegment, Energies, Period } from './determinant.js'
import type { Evidence } from './evidence.js'
import { type Hold, hold, type HoldCode } from './hold.js'
import { type MeasuredSegment, measureSegment } from './measure-segment.js'
import { noteDoubts } from './note-doubts.js'
import type { DeterminantPolicy } from './policy.js'
import { repetitionDoubts } from './repetition-doubts.js'
import { segmentDoubts } from './segment-doubts.js'

const nothingAnswered: ReadonlySet<HoldCode> = new Set()

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
    const segment = measureSegment(row, policy, evidence)
    if (!segment.ok) return segment
    const doubt = firstOpen(segmentDoubts(segment.value, policy, evidence), answered)
    if (doubt !== null) return err(doubt)
    measured.push(segment.value)
  }
  const doubt =
    firstOpen(repetitionDoubts(measured, policy, evidence), answered) ??
    firstOpen(noteDoubts(measured, policy, evidence), answered) ??
    firstOpen(changeDoubts(measured, policy, evidence), answered)
  if (doubt !== null) return err(doubt)
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
    segments: measured.map(toDeterminantSegment),
  })
}

function firstOpen(doubts: Iterable<Hold>, answered: ReadonlySet<HoldCode>): Hold | null {
  for (const doubt of doubts) if (!answered.has(doubt.kind)) return doubt
  return null
}

function toDeterminantSegment({
  row,
  meterId,
  multiplier,
  start,
  end,
  energiesE4,
}: MeasuredSegment): DeterminantSegment {
  return {
    meter: present(row.meter, 'a checked meter'),
    meterId,
    multiplier,
    startAt: row.startAt,
    endAt: row.endAt,
    startRead: start.readAt,
    endRead: end.readAt,
    energiesE4,
    ...(row.opensWith === undefined ? {} : { opensWith: row.opensWith }),
  }
}

function addEnergies(a: Energies, b: Energies): Energies {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]]
}
