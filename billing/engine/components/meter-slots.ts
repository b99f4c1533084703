import type { Segment } from '../../rating/context.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { slotsOf } from '../../by-account/usage-quantities.js'
import { type HistorySlot, historySlots } from './history-text.js'
import { notCompiled } from './not-compiled-error.js'
import type { VersionProgram } from './version-program.js'

/** Slots that a version's registers count, numbered from 1 in the order of their calendar. */
export interface MeterSlots extends Pick<VersionProgram, 'registerSlots' | 'residualSlot'> {
  /** Null for a version whose energy has no slots. */
  readonly calendar: string | null
  readonly names: readonly string[]
  readonly history: readonly HistorySlot[]
}

const allTime = 0
/** A register that may not have counted: it has no slot, or one that the period never enters. The readable rules say which. */
const noSlot = -1

/** @throws NotCompiledError slots_otherwise */
export function meterSlots(version: TariffVersion, { slotDays, from, to }: Segment): MeterSlots {
  const counting = version.calendars.find(({ registers }) => registers !== undefined)
  if (counting === undefined)
    return { calendar: null, names: [], registerSlots: null, residualSlot: allTime, history: historySlots([]) }
  const names = counting.slots.map(({ name }) => name)
  const counted = slotsOf(version)
  const { residual } = counting
  const isFirst = version.calendars.find((one) => one.residual !== undefined) === counting
  const isKnown = (slot: string | null) => slot === null || names.includes(slot)
  const others = version.calendars.filter((one) => one !== counting).flatMap(({ slots }) => slots)
  if (residual === undefined || !isFirst || !counted.every(isKnown) || others.some(({ name }) => names.includes(name)))
    return notCompiled('slots_otherwise')
  if (counted.every((slot) => slot === null)) return notCompiled('slots_otherwise')
  const enters = (slot: string) => slotDays.get(counting.name)?.enters(slot, { from, to }) === true
  const numberOf = (slot: string) => 1 + names.indexOf(slot)
  const read = names.filter((name) => counted.includes(name))
  return {
    calendar: counting.name,
    names,
    registerSlots: counted.map((slot) => (slot === null || !enters(slot) ? noSlot : numberOf(slot))),
    residualSlot: numberOf(residual),
    history: historySlots(
      [...new Set([...read, residual])].map((name) => ({ name, slot: numberOf(name), always: read.includes(name) })),
    ),
  }
}
