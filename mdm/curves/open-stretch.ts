import { boundaryMs, boundaryStates } from '../../domain/boundary-columns.js'
import { intervalEnergyE4 } from '../../domain/interval-energy.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { minuteMs } from '../../domain/time.js'
import { type MeterCurve, slotMinutesOf } from './assemble-day.js'
import type { OpenSlot } from './fill-stretch.js'
import type { LocalDay } from './local-days.js'
import type { CurvePolicy } from './policy.js'
import type { FillProblem } from './rule.js'

/** Slots that nobody measured, between two known registers; they may belong to several days. */
export interface OpenStretch {
  /** Boundaries at both ends. */
  readonly first: number
  readonly last: number
  readonly energyE4: bigint
  readonly slots: readonly (Omit<OpenSlot, 'dayMaximumE4'> & { readonly boundary: number; readonly day: LocalDay })[]
}

/**
 * The stretch that holds the slot beginning at a boundary. A register that fell across it leaves it open: what it counted is unknown.
 */
export function openStretchAt(
  curve: MeterCurve,
  boundary: number,
  policy: CurvePolicy,
): Result<OpenStretch, { readonly kind: FillProblem }> {
  const { columns, grid, meterAt, channelAt, width } = curve
  const { registersE4, states } = present(columns.channels[channelAt], 'channel of the columns')
  const base = meterAt * grid.boundaries
  const isKnown = (at: number) =>
    (states[base + at] === boundaryStates.piece || states[base + at] === boundaryStates.reading) && isSlotEnd(curve, at)
  const first = seek(boundary, -1, grid.boundaries, isKnown)
  const last = seek(boundary + 1, 1, grid.boundaries, isKnown)
  if (first === null || last === null) return err({ kind: 'gap_open' })
  if ((last - first) * boundaryMs > policy.longestFillMs) return err({ kind: 'gap_too_long' })
  const energy = intervalEnergyE4(registersE4[base + first] ?? 0n, registersE4[base + last] ?? 0n, width.registerDigits)
  if (!energy.ok) return err({ kind: 'gap_open' })
  return ok({ first, last, energyE4: energy.value, slots: slotsBetween(curve, first, last) })
}

function seek(from: number, step: 1 | -1, end: number, isKnown: (at: number) => boolean): number | null {
  for (let at = from; at >= 0 && at < end; at += step) if (isKnown(at)) return at
  return null
}

function dayEndingAt({ grid }: MeterCurve, boundary: number): LocalDay {
  return present(grid.localDays[grid.dayOf[boundary] ?? 0], 'local day of the grid')
}

function isSlotEnd(curve: MeterCurve, boundary: number): boolean {
  const day = dayEndingAt(curve, boundary)
  return ((boundary - day.first) * boundaryMs) % (slotMinutesOf(curve, day) * minuteMs) === 0
}

function slotsBetween(curve: MeterCurve, first: number, last: number): OpenStretch['slots'] {
  const { grid } = curve
  const days = grid.localDays.filter((day) => day.first < last && day.last > first)
  return days.flatMap((day) => {
    const slotMinutes = slotMinutesOf(curve, day)
    const step = (slotMinutes * minuteMs) / boundaryMs
    const [from, to] = [Math.max(first, day.first), Math.min(last, day.last)]
    return Array.from({ length: (to - from) / step }, (_, slot) => {
      const boundary = from + slot * step
      const wallMinute = grid.calendar.minuteOfDay(grid.from + boundary * boundaryMs)
      return { boundary, day, date: day.date, slotMinutes, wallMinute }
    })
  })
}
