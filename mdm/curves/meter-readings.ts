import { boundaryMs } from '../../domain/boundary-columns.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { DayGrid, LocalDay } from './local-days.js'

/** [from, to) in which a meter was installed; null until further notice. */
export interface InstalledSpan {
  readonly from: Instant
  readonly to: Instant | null
}

/** An accepted reading of one channel. */
export interface KnownRegister {
  readonly readAt: Instant
  readonly channelAt: number
  readonly registerE4: bigint
}

/** What accepted readings and the registry say of one meter, in boundaries of a grid. */
export interface MeterReadings {
  /** Register at a boundary by an accepted reading; null where there is none. */
  readonly at: (boundary: number, channelAt: number) => bigint | null
  readonly all: ReadonlyMap<number, readonly (bigint | null)[]>
  /** Slots [from, to) of a day, `step` boundaries each, in which the meter was installed. */
  readonly installedIn: (day: LocalDay, step: number) => { readonly from: number; readonly to: number }
}

/**
 * Readings on a boundary stand for it. A meter that comes or goes within a slot counted nothing before or after: its start register
 * stands for the boundaries before, its stop register for those behind. Either meter has the part of the slot that is its own.
 */
export function meterReadings(
  grid: DayGrid,
  spans: readonly InstalledSpan[],
  registers: readonly KnownRegister[],
  channelCount: number,
): MeterReadings {
  const all = new Map<number, (bigint | null)[]>()
  for (const { readAt, channelAt, registerE4 } of registers) {
    for (const boundary of boundariesOf(grid, spans, readAt)) {
      const known = all.get(boundary) ?? Array.from({ length: channelCount }, () => null)
      known[channelAt] = registerE4
      all.set(boundary, known)
    }
  }
  return {
    all,
    at: (boundary, channelAt) => all.get(boundary)?.[channelAt] ?? null,
    installedIn: (day, step) => installedIn(spans, day, step),
  }
}

/** Boundaries of the longest slot that an instant within a slot may have to stand for. */
const mostBoundaries = hourMs / boundaryMs

function boundariesOf(
  { from, boundaries }: DayGrid,
  spans: readonly InstalledSpan[],
  readAt: Instant,
): readonly number[] {
  const exact = (readAt - from) / boundaryMs
  const steps = Array.from({ length: mostBoundaries }, (_, step) => step)
  const starts = spans.some((span) => span.from === readAt) ? steps.map((step) => Math.floor(exact) - step) : []
  const ends = spans.some((span) => span.to === readAt) ? steps.map((step) => Math.ceil(exact) + step) : []
  const at = Number.isInteger(exact) ? [exact] : []
  return [...at, ...starts, ...ends].filter((boundary) => boundary >= 0 && boundary < boundaries)
}

function installedIn(spans: readonly InstalledSpan[], { start, end, first, last }: LocalDay, step: number) {
  const inDay = spans.filter((span) => span.from < end && (span.to === null || span.to > start))
  const slots = (last - first) / step
  const slotMs = step * boundaryMs
  if (inDay.length === 0) return { from: 0, to: 0 }
  const from = Math.min(...inDay.map((span) => Math.max(0, Math.floor((span.from - start) / slotMs))))
  const to = Math.max(
    ...inDay.map((span) => Math.min(slots, span.to === null ? slots : Math.ceil((span.to - start) / slotMs))),
  )
  return { from, to }
}
