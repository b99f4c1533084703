import { beijing, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { hashBelow } from '../load/integer-hash.js'
import { countedRegisters } from './counted-registers.js'
import type { MeterDescription } from './description.js'
import type { Moment } from './measured-values.js'
import type { MeterMemory } from './memory.js'

/** A meter as it stands when it is asked. */
export interface MeterView {
  readonly description: MeterDescription
  readonly memory: MeterMemory
  readonly now: Instant
}

/** The moment of the n-th last settlement, 0 now; null where the meter had no supply yet. */
export function settlementMoment(view: MeterView, index: number): Moment | null {
  const at = index === 0 ? view.now : settlementInstant(view, index)
  return momentAt(view, at, settlementInstant(view, index + 1))
}

/** Settlement day 1 at its hour by the meter's clock, `index` months back from the last one. */
export function settlementInstant({ memory, now }: MeterView, index: number): Instant {
  const ddhh = memory.parameters.get('04000B01')?.toReversed()
  const [day, hour] = ddhh === undefined ? ['01', '00'] : [hexByte(ddhh[0]), hexByte(ddhh[1])]
  const shown = meterTimeAt(memory.clock.shownAt(now))
  const hasPassed = shown.slice(8, 13) >= `${day}T${hour}`
  const monthsBefore = index - (hasPassed ? 1 : 0)
  const months = Number(shown.slice(0, 4)) * 12 + Number(shown.slice(5, 7)) - 1 - monthsBefore
  const month = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
  const date = `${month}-${day}`
  return memory.clock.trueInstantOf(
    beijing.startOfDay(isReal(date) ? date : `${month}-01`) + Number(hour) * 60 * minuteMs,
  )
}

function hexByte(byte: number | undefined): string {
  return (byte ?? 1).toString(16).padStart(2, '0')
}

/** Settlement days are 1 to 28; a day that a master wrote beyond counts as the first. */
function isReal(date: LocalDate): boolean {
  return Number(date.slice(8)) >= 1 && Number(date.slice(8)) <= 28
}

/** What the meter counts and measures at an instant; null before it has supply. */
export function momentAt({ description, memory }: MeterView, at: Instant, demandFrom: Instant): Moment | null {
  const { source, energisedFrom, habits } = description
  if (at < energisedFrom) return null
  const { demandClearedAt } = memory
  return {
    source: countedRegisters(source, memory, at),
    at,
    energisedFrom,
    demandFrom: Math.max(demandFrom, energisedFrom, demandClearedAt < at ? demandClearedAt : demandFrom),
    feedInPercent: habits?.feedInPercent ?? 0,
    seed: hashBelow(2 ** 31, Number(description.address.slice(-9))),
  }
}
