import { liveToleranceMs, type MeterId } from '../../domain/reading.js'
import { dayMs } from '../../domain/time.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { type Evidence, isNote } from './evidence.js'

type SegmentEnd = 'start' | 'end'

/** Within minutes so many times the mean may be used. */
const minutesTimes = 2n
/** Two steps of a display of tenths, kWh e4. */
const slackE4 = 2000n

/**
 * At which end of a segment there is the note of an exchange that the other meter of the exchange belies at that very instant, or some
 * minutes after it where it is read live; null where neither is. A meter that shows more than what was noted of it has counted before: the
 * exchange was not when the registry says. Inside a period the doubt holds the next segment; at its very end the note of the other meter
 * bounds none, and what that meter had counted would be nobody's. `usualE4PerDay` is before the multiplier.
 */
export function beliedNote(
  row: SegmentRow,
  usualE4PerDay: bigint,
  { doubts, readings }: Pick<Evidence, 'doubts' | 'readings'>,
): SegmentEnd | null {
  const isBelied = ({ note, other }: OtherSide) => {
    const isThen = (readAt: number) => readAt >= note.readAt && readAt <= note.readAt + liveToleranceMs
    if ((doubts.get(other) ?? []).some(({ readAt }) => isThen(readAt))) return true
    const [noted, shown] = (readings.get(other) ?? []).filter(({ readAt }) => isThen(readAt))
    if (noted === undefined || shown === undefined) return false
    const mostE4 = (usualE4PerDay * minutesTimes * BigInt(shown.readAt - noted.readAt)) / BigInt(dayMs) + slackE4
    return shown.registers.totalE4 - noted.registers.totalE4 > mostE4
  }
  return otherSidesOf(row).find(isBelied)?.end ?? null
}

interface OtherSide {
  readonly end: SegmentEnd
  readonly note: BoundaryRow
  readonly other: MeterId
}

/** Notes at the ends of a segment that nobody has decided, with the meter on the other side of the exchange. */
export function otherSidesOf({ start, end, meterBefore, meterAfter }: SegmentRow): readonly OtherSide[] {
  const sides = [
    { end: 'start', note: start, other: meterBefore?.until === start?.readAt ? meterBefore?.meterId : undefined },
    { end: 'end', note: end, other: meterAfter },
  ] as const
  return sides.flatMap(({ end: at, note, other }) =>
    note === null || other === undefined || !isNote(note) || note.isDecidedByPerson ? [] : [{ end: at, note, other }],
  )
}
