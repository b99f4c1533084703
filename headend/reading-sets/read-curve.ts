import type { Curve } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { writeFields } from '../../protocols/dlt645/field.js'
import { recordSelections } from '../../protocols/dlt645/payload-fields.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import type { AbsentSlots, CollectedInterval } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, type SetMeter } from './ask-item.js'
import { type CurveGap, gapsOf, slotsIn } from './curve-gaps.js'
import { type CurveSource, quarterHourRecords, stampOf, toInterval } from './curve-source.js'
import type { LoadSlot } from './load-slots.js'
import { endsSet, type SetOutcome, type SetProblem, toProblem } from './set-outcome.js'

export type LoadCurve = Extract<Curve, 'load_power' | 'load_energy'>

/** Load records from a given time on (DI0 = 01), by curve. */
export const loadCurveItems: Readonly<Record<LoadCurve, string>> = { load_power: '06020001', load_energy: '06040001' }

/** Records asked for at once: ten of class 4 fill two frames. */
export const recordsPerRequest = 10

export interface CurveWish {
  readonly curve: LoadCurve
  /** Starts of the slots that are missing, in any order. */
  readonly missing: readonly Instant[]
  /** No further request begins after it. */
  readonly until: Instant
  readonly source?: CurveSource
}

export interface CurveOutcome extends SetOutcome {
  readonly values: readonly CollectedInterval[]
  /** Slots that the meter's memory turned out not to hold; null while it holds all that were asked for. */
  readonly absent: AbsentSlots | null
}

/**
 * Fetches missing slots of one curve from a meter's memory, the newest first. What comes back is stored as it is; whatever was not
 * asked for yet when `until` came, or the meter fell silent, stays missing and is asked for the next time.
 */
export async function readCurve(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  { curve, missing, until, source = quarterHourRecords }: CurveWish,
): Promise<CurveOutcome> {
  const values: CollectedInterval[] = []
  const problems: SetProblem[] = []
  const absent: Instant[] = []
  for (const gap of gapsOf(missing, source.slotMs, recordsPerRequest)) {
    if (clock.now() >= until) break
    const piece = await readGap(line, meter, curve, gap, source)
    values.push(...piece.values)
    problems.push(...piece.problems)
    absent.push(...piece.absent)
    if (piece.problems.some(({ cause }) => endsSet(cause))) break
  }
  const { meterId } = meter
  return {
    values,
    problems,
    absent: absent.length === 0 ? null : { meterId, curve, slotStarts: absent, foundAt: clock.now() },
  }
}

interface GapOutcome {
  readonly values: readonly CollectedInterval[]
  readonly absent: readonly Instant[]
  readonly problems: readonly SetProblem[]
}

/** Asks for the rest of a gap until it is full or the meter says that it has no more of it. */
async function readGap(
  line: Dlt645Line,
  meter: SetMeter,
  curve: LoadCurve,
  gap: CurveGap,
  source: CurveSource,
): Promise<GapOutcome> {
  const dataIdentifier = loadCurveItems[curve]
  const values: CollectedInterval[] = []
  const absent: Instant[] = []
  let start = gap.start
  while (start < gap.end) {
    const rest = { start, end: gap.end }
    const answer = await askItem(line, meter, dataIdentifier, 'load_records', {
      selection: selectionOf(rest, source),
    })
    if (!answer.ok) {
      const { kind: cause } = answer.error
      const isNotKept = cause === 'no_such_data' || cause === 'value_absent'
      if (isNotKept) absent.push(...slotsIn(rest, source.slotMs))
      return { values, absent, problems: isNotKept ? [] : [toProblem(dataIdentifier, answer.error)] }
    }
    const { value, frame } = answer.value
    const came = value.slots.flatMap((slot) => intervalOf(source, meter, curve, slot, frame))
    values.push(...came)
    // What a meter gives is the next that it holds: everything before it, within the gap, it does not hold.
    const next = nextStart(came, rest, source)
    const found = new Set(came.map(({ slotStart }) => slotStart))
    absent.push(...slotsIn({ start, end: next }, source.slotMs).filter((each) => !found.has(each)))
    start = next
  }
  return { values, absent, problems: [] }
}

function intervalOf(
  source: CurveSource,
  { meterId }: SetMeter,
  curve: LoadCurve,
  { stamp, powerE4, energyE4 }: LoadSlot,
  frame: CollectedInterval['evidence']['frame'],
): readonly CollectedInterval[] {
  const valuesE4 = curve === 'load_power' ? powerE4 : energyE4
  if (valuesE4 === null) return []
  const interval = toInterval(source, meterId, curve, { stamp, valuesE4 }, { frame, slice: null })
  return interval === null ? [] : [interval]
}

/** Behind the last slot that came; behind the gap where none of it did. Never before the slot that was asked for, so that it ends. */
function nextStart(came: readonly CollectedInterval[], rest: CurveGap, { slotMs }: CurveSource): Instant {
  const ends = came.map(({ slotEnd }) => slotEnd).filter((end) => end > rest.start)
  if (ends.length === 0) return rest.end
  return Math.max(rest.start + slotMs, Math.min(rest.end, Math.max(...ends)))
}

/** So many records from the stamp of the first missing slot on. */
function selectionOf({ start, end }: CurveGap, source: CurveSource): Buffer {
  const count = (end - start) / source.slotMs
  const from = meterTimeAt(stampOf(source, start)).slice(0, 16)
  const fields = present(recordSelections[1], 'a selection by count and time')
  return present(writeFields(fields, [String(count), from]), 'a number and a time that a request can hold')
}
