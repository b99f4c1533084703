import { boundaryMs, boundaryStates } from '../../domain/boundary-columns.js'
import { type IntervalDay, type SlotFill, slotQualities } from '../../domain/interval-day.js'
import { ok, present, type Result } from '../../domain/result.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { assembleDay, type MeterCurve, slotMinutesOf } from './assemble-day.js'
import { type FilledStretch, fillStretch } from './fill-stretch.js'
import { type DayFill, judgeDay } from './judge-day.js'
import type { LocalDay } from './local-days.js'
import { openStretchAt } from './open-stretch.js'
import type { CurvePolicy } from './policy.js'
import type { CurveDay, DaySlots, FillProblem } from './rule.js'
import type { PastDay } from './similar-days.js'
import { slotEnergies } from './slot-energies.js'

export interface JudgedCurve {
  readonly days: readonly IntervalDay[]
  /** Days that are over and incomplete, but not closed: more may come. */
  readonly open: number
}

/** Whether a register is missing at the end of a slot: then the history of the meter is wanted. */
export function hasGap(curve: MeterCurve): boolean {
  const { columns, grid, meterAt, channelAt } = curve
  const states = present(columns.channels[channelAt], 'channel of the columns').states
  const base = meterAt * grid.boundaries
  return coreDays(curve).some((day) => {
    const step = (slotMinutesOf(curve, day) * minuteMs) / boundaryMs
    for (let boundary = day.first; boundary <= day.last; boundary += step) {
      const state = states[base + boundary]
      if (state === boundaryStates.unknown || state === boundaryStates.disputed) return true
    }
    return false
  })
}

/**
 * The days of one channel of a meter, in order. A day that is complete is written as soon as it is over, an incomplete one once it is
 * closed. `past` are the days before the grid's own.
 */
export function judgeCurve(
  curve: MeterCurve,
  past: readonly PastDay[],
  now: Instant,
  policy: CurvePolicy,
): JudgedCurve {
  const days: IntervalDay[] = []
  const history = [...past]
  let open = 0
  for (const localDay of coreDays(curve)) {
    if (localDay.end > now || localDay.end === localDay.start) continue
    const day = assembleDay(curve, localDay)
    if (day.installed.from === day.installed.to) continue
    const measured = slotEnergies(day)
    const incomplete = isIncomplete(measured)
    if (incomplete && now < localDay.end + policy.closeAfterMs) {
      open++
      continue
    }
    const fill = incomplete ? fillDay(curve, localDay, day, measured, history, policy) : asMeasured(measured)
    const judged = judgeDay(localDay, day, measured, fill, policy)
    days.push(judged)
    if (judged.verdict !== 'held') history.push(judged)
  }
  return { days, open }
}

function coreDays({ grid }: MeterCurve): readonly LocalDay[] {
  return grid.localDays.slice(grid.margin, grid.localDays.length - grid.margin)
}

function isIncomplete({ qualities }: DaySlots): boolean {
  return qualities.includes(slotQualities.missing)
}

function asMeasured(slots: DaySlots): DayFill {
  return { slots, fills: [], problems: [] }
}

function fillDay(
  curve: MeterCurve,
  localDay: LocalDay,
  day: CurveDay,
  measured: DaySlots,
  history: readonly PastDay[],
  policy: CurvePolicy,
): DayFill {
  const energiesE4 = measured.energiesE4.slice()
  const qualities = measured.qualities.slice()
  const fills: SlotFill[] = []
  const problems: FillProblem[] = []
  const step = (day.slotMinutes * minuteMs) / boundaryMs
  for (let slot = 0; slot < day.slotCount; slot++) {
    if (qualities[slot] !== slotQualities.missing) continue
    const filled = fillFrom(curve, localDay.first + slot * step, history, policy)
    if (!filled.ok) {
      problems.push(filled.error.kind)
      continue
    }
    const { method, basisDays, halfWidthE4, energiesE4: parts } = filled.value
    const inDay = parts.slice(0, day.slotCount - slot)
    energiesE4.set(inDay, slot)
    qualities.fill(slotQualities.estimated, slot, slot + inDay.length)
    const energyE4 = inDay.reduce((sum, part) => sum + part, 0n)
    fills.push({ slot, slots: inDay.length, energyE4, method, basisDays, halfWidthE4 })
  }
  return { slots: { energiesE4, qualities }, fills, problems }
}

/**
 * The filled slots of a stretch from one of its boundaries on. A stretch comes out alike whichever of its days asks: its shape rests on
 * the days before its first one.
 */
function fillFrom(
  curve: MeterCurve,
  boundary: number,
  history: readonly PastDay[],
  policy: CurvePolicy,
): Result<FilledStretch, { readonly kind: FillProblem }> {
  const stretch = openStretchAt(curve, boundary, policy)
  if (!stretch.ok) return stretch
  const { slots, energyE4 } = stretch.value
  const firstDate = slots[0]?.date ?? ''
  const days = new Set(slots.map(({ day }) => day))
  const maxima = new Map([...days].map((day) => [day, measuredMaximum(curve, day)] as const))
  const filled = fillStretch(
    {
      slots: slots.map((slot) => ({ ...slot, dayMaximumE4: maxima.get(slot.day) ?? null })),
      energyE4,
      past: history.filter(({ serviceDate }) => serviceDate < firstDate),
    },
    policy,
  )
  if (!filled.ok) return filled
  const place = slots.findIndex((slot) => slot.boundary === boundary)
  return ok({ ...filled.value, energiesE4: filled.value.energiesE4.slice(place) })
}

function measuredMaximum(curve: MeterCurve, localDay: LocalDay): bigint | null {
  const { energiesE4, qualities } = slotEnergies(assembleDay(curve, localDay))
  let most: bigint | null = null
  for (const [slot, energyE4] of energiesE4.entries())
    if (qualities[slot] === slotQualities.measured && (most === null || energyE4 > most)) most = energyE4
  return most
}
