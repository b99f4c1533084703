import t from 'tap'
import { boundaryMs } from '../../../domain/boundary-columns.js'
import { calendarFor } from '../../../domain/time.js'
import { assembleDay } from '../../../mdm/curves/assemble-day.js'
import { curveOf, type Piece, piecesOf } from '../../support/curve-columns.js'

interface DayCase {
  readonly zone: string
  readonly date: string
  readonly minutes: number
  readonly slotCount: number
  readonly slotMinutes: number
}

t.test('a day has as many slots as time goes by in it', async (t) => {
  const cases: readonly DayCase[] = [
    { zone: 'Asia/Shanghai', date: '2026-07-01', minutes: 15, slotMinutes: 15, slotCount: 96 },
    { zone: 'Asia/Shanghai', date: '2026-07-01', minutes: 30, slotMinutes: 30, slotCount: 48 },
    { zone: 'Asia/Shanghai', date: '2026-07-01', minutes: 60, slotMinutes: 60, slotCount: 24 },
    // Finer curves are taken by the quarter.
    { zone: 'Asia/Shanghai', date: '2026-07-01', minutes: 5, slotMinutes: 15, slotCount: 96 },
    { zone: 'Europe/London', date: '2013-03-31', minutes: 15, slotMinutes: 15, slotCount: 92 },
    { zone: 'Europe/London', date: '2013-10-27', minutes: 15, slotMinutes: 15, slotCount: 100 },
    { zone: 'Europe/London', date: '2013-10-27', minutes: 30, slotMinutes: 30, slotCount: 50 },
    { zone: 'America/New_York', date: '2026-03-08', minutes: 60, slotMinutes: 60, slotCount: 23 },
    // Clocks are set by half an hour: hours do not fit into the day.
    { zone: 'Australia/Lord_Howe', date: '2026-04-05', minutes: 60, slotMinutes: 30, slotCount: 49 },
    { zone: 'Asia/Kathmandu', date: '2026-07-01', minutes: 15, slotMinutes: 15, slotCount: 96 },
  ]
  for (const { zone, date, minutes, slotMinutes, slotCount } of cases) {
    const start = calendarFor(zone).startOfDay(date)
    const slots = Math.ceil((27 * 60) / minutes)
    const onBoundary = ({ end }: Piece) => (end - start) % boundaryMs === 0
    const pieces = piecesOf(start, minutes, 0n, Array(slots).fill(100n)).filter(onBoundary)
    const curve = curveOf({ zone, from: date, to: nextDay(date), pieces })
    const day = assembleDay(curve, curve.grid.localDays[3]!)
    t.match(day, { slotMinutes, slotCount }, `${zone} ${date} by ${minutes} min`)
  }
})

t.test('a piece as long as a slot that ends within one is off the grid', async (t) => {
  const start = calendarFor('Asia/Shanghai').startOfDay('2026-07-01')
  const shifted = piecesOf(start + 30 * 60_000, 60, 0n, Array(3).fill(100n))
  const pieces = [...piecesOf(start, 60, 0n, Array(24).fill(100n)), ...shifted]
  const curve = curveOf({ from: '2026-07-01', to: '2026-07-02', pieces })
  t.match(assembleDay(curve, curve.grid.localDays[3]!), { slotMinutes: 60, offGrid: 3 })
})

t.test('readings at the ends stand beside the curve, and a meter has its own part of the day', async (t) => {
  const start = calendarFor('Asia/Shanghai').startOfDay('2026-07-01')
  const came = start + 10 * 3_600_000 + 7 * 60_000
  const pieces = piecesOf(start + 10 * 3_600_000, 15, 700n, Array(56).fill(100n))
  const readings = [
    { readAt: came, registerE4: 700n },
    { readAt: start + 24 * 3_600_000, registerE4: 6300n },
  ]
  const curve = curveOf({ from: '2026-07-01', to: '2026-07-02', pieces, readings, spans: [{ from: came, to: null }] })
  const day = assembleDay(curve, curve.grid.localDays[3]!)
  t.match(day, { installed: { from: 40, to: 96 }, startE4: 700n, endE4: 6300n })
  t.equal(day.registersE4[40], 700n)
})

function nextDay(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)
}
