import { boundaryMs, boundaryStates, createBoundaryColumns } from '../../domain/boundary-columns.js'
import { calendarFor, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { type MeterCurve, usualMinutesOf } from '../../mdm/curves/assemble-day.js'
import { layDayGrid } from '../../mdm/curves/local-days.js'
import { type InstalledSpan, meterReadings } from '../../mdm/curves/meter-readings.js'

/** A point of a cumulative curve: the register at the end of its slot. */
export interface Piece {
  readonly end: Instant
  readonly minutes: number
  readonly registerE4: bigint
}

export interface CurvePlan {
  readonly zone?: string
  readonly from: LocalDate
  /** Half-open. */
  readonly to: LocalDate
  readonly pieces: readonly Piece[]
  /** Accepted readings. */
  readonly readings?: readonly { readonly readAt: Instant; readonly registerE4: bigint }[]
  readonly spans?: readonly InstalledSpan[]
  readonly digits?: number
}

/** One channel of one meter in memory, three days before and after included. */
export function curveOf(plan: CurvePlan): MeterCurve {
  const grid = layDayGrid(calendarFor(plan.zone ?? 'Asia/Shanghai'), plan.from, plan.to, 3)
  const columns = createBoundaryColumns(grid, [1n], 1)
  const { registersE4, states } = columns.channels[0]!
  for (const { end, minutes, registerE4 } of plan.pieces) {
    const boundary = (end - grid.from) / boundaryMs
    const day = grid.dayOf[Math.ceil(boundary)]!
    if (!Number.isInteger(boundary)) columns.offGrid[day]!++
    else {
      if (states[boundary] === boundaryStates.unknown) states[boundary] = boundaryStates.piece
      else if (registersE4[boundary] !== registerE4) {
        states[boundary] = boundaryStates.disputed
        columns.secondValues[day]!++
      }
      registersE4[boundary] = registerE4
      columns.minutes[boundary] = minutes
    }
  }
  const spans = plan.spans ?? [{ from: grid.from, to: null }]
  const known = (plan.readings ?? []).map((reading) => ({ ...reading, channelAt: 0 }))
  const readings = meterReadings(grid, spans, known, 1)
  for (const [boundary, [registerE4]] of readings.all) {
    if (states[boundary] === boundaryStates.piece) continue
    registersE4[boundary] = registerE4!
    states[boundary] = boundaryStates.reading
  }
  const width = { registerDigits: plan.digits ?? 6, registerDecimals: 2 }
  return { columns, grid, meterAt: 0, channelAt: 0, width, readings, usualMinutes: usualMinutesOf(columns, 0) }
}

/** Pieces of slots that hold these energies, the first slot beginning at an instant with a register. */
export function piecesOf(
  start: Instant,
  minutes: number,
  startE4: bigint,
  energiesE4: readonly bigint[],
): readonly Piece[] {
  let registerE4 = startE4
  return energiesE4.map((energyE4, slot) => {
    registerE4 += energyE4
    return { end: start + (slot + 1) * minutes * minuteMs, minutes, registerE4 }
  })
}
