import { type BoundaryColumns, boundaryMs } from '../../domain/boundary-columns.js'
import { type SlotMinutes, slotLengths } from '../../domain/interval-day.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import { present } from '../../domain/result.js'
import { minuteMs } from '../../domain/time.js'
import type { DayGrid, LocalDay } from './local-days.js'
import type { MeterReadings } from './meter-readings.js'
import type { CurveDay } from './rule.js'

const boundaryMinutes = boundaryMs / minuteMs
const [shortest] = slotLengths

/** One channel of one meter of the columns. */
export interface MeterCurve {
  readonly columns: BoundaryColumns
  readonly grid: DayGrid
  /** Place of the meter and of the channel in the columns. */
  readonly meterAt: number
  readonly channelAt: number
  readonly width: RegisterWidth
  readonly readings: MeterReadings
  /** Of days without pieces of their own. */
  readonly usualMinutes: SlotMinutes
}

/** A local day of a curve: its slots follow each other from local midnight in elapsed time, whatever clocks on the wall do. */
export function assembleDay(curve: MeterCurve, day: LocalDay): CurveDay {
  const { columns, grid, meterAt, channelAt, readings } = curve
  const slotMinutes = slotMinutesOf(curve, day)
  const step = slotMinutes / boundaryMinutes
  const slotCount = (day.last - day.first) / step
  const base = meterAt * grid.boundaries + day.first
  const channel = present(columns.channels[channelAt], 'channel of the columns')
  const place = meterAt * grid.days + (grid.dayOf[day.last] ?? 0)
  const installed = readings.installedIn(day, step)
  return {
    meter: curve.width,
    slotMinutes,
    registersE4: everyNth(channel.registersE4.subarray(base, base + day.last - day.first + 1), step),
    states: everyNth(channel.states.subarray(base, base + day.last - day.first + 1), step),
    slotCount,
    installed,
    offGrid: (columns.offGrid[place] ?? 0) + betweenSlots(curve, day, step),
    secondValues: columns.secondValues[place] ?? 0,
    startE4: readings.at(day.first + installed.from * step, channelAt),
    endE4: readings.at(day.first + installed.to * step, channelAt),
  }
}

function everyNth<Column extends BigInt64Array | Uint8Array>(column: Column, step: number): Column {
  return step === 1 ? column : (column.filter((_: bigint | number, index: number) => index % step === 0) as Column)
}

/**
 * Length of the day's slots: what most of its pieces have; of two the shorter. Curves finer than a quarter of an hour are taken by
 * the quarter: their registers are the same. A length into which the day does not go, as hours into 23.5, gives way to a shorter one.
 */
export function slotMinutesOf({ columns, grid, meterAt, usualMinutes }: MeterCurve, day: LocalDay): SlotMinutes {
  const base = meterAt * grid.boundaries
  const counted = countMinutes(columns.minutes.subarray(base + day.first + 1, base + day.last + 1))
  const wanted = mostCounted(counted) ?? usualMinutes
  const fits = (minutes: SlotMinutes) => ((day.last - day.first) * boundaryMinutes) % minutes === 0
  return slotLengths.findLast((minutes) => minutes <= wanted && fits(minutes)) ?? shortest
}

/** The slot length of most pieces of a meter; a quarter of an hour where there are none. */
export function usualMinutesOf(columns: BoundaryColumns, meterAt: number): SlotMinutes {
  const { boundaries } = columns.grid
  return (
    mostCounted(countMinutes(columns.minutes.subarray(meterAt * boundaries, (meterAt + 1) * boundaries))) ?? shortest
  )
}

function countMinutes(minutes: Uint8Array): readonly number[] {
  let [quarters, halves, hours] = [0, 0, 0]
  for (const each of minutes) {
    if (each >= 60) hours++
    else if (each >= 30) halves++
    else if (each > 0) quarters++
  }
  return [quarters, halves, hours]
}

function mostCounted(counts: readonly number[]): SlotMinutes | null {
  const most = Math.max(...counts)
  return most === 0 ? null : (slotLengths[counts.indexOf(most)] ?? null)
}

/** Pieces as long as the day's slots that end within one of them. */
function betweenSlots({ columns, grid, meterAt }: MeterCurve, day: LocalDay, step: number): number {
  if (step === 1) return 0
  const base = meterAt * grid.boundaries + day.first
  let count = 0
  for (let boundary = 1; boundary <= day.last - day.first; boundary++)
    if (boundary % step !== 0 && (columns.minutes[base + boundary] ?? 0) >= step * boundaryMinutes) count++
  return count
}
