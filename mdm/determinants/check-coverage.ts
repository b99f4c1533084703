import { ok, type Result } from '../../domain/result.js'
import { type Instant, isoText } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { type Hold, hold } from './hold.js'

/** The determinant table's own bound. */
const mostSegments = 16

/** Meters and multipliers are known from the first instant to the last, without a gap. */
export function checkCoverage(rows: readonly SegmentRow[], start: Instant, end: Instant): Result<null, Hold> {
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
