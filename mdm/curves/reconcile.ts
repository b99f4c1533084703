import { boundaryStates } from '../../domain/boundary-columns.js'
import { slotQualities } from '../../domain/interval-day.js'
import { intervalEnergyE4 } from '../../domain/interval-energy.js'
import type { CurveDay, DaySlots } from './rule.js'

/** Registers at the two ends of the day: accepted readings before the curve's own. */
export function endRegisters({ startE4, endE4, registersE4, states, installed }: CurveDay): {
  readonly startE4: bigint | null
  readonly endE4: bigint | null
} {
  const own = (boundary: number): bigint | null =>
    states[boundary] === boundaryStates.piece || states[boundary] === boundaryStates.reading
      ? (registersE4[boundary] ?? null)
      : null
  return { startE4: startE4 ?? own(installed.from), endE4: endE4 ?? own(installed.to) }
}

/** The slots' sum less the difference of the registers at the day's ends, kWh e4; null while a register or a slot is missing. */
export function reconcile(day: CurveDay, { energiesE4, qualities }: DaySlots): bigint | null {
  const { startE4, endE4 } = endRegisters(day)
  if (startE4 === null || endE4 === null) return null
  if (qualities.includes(slotQualities.missing) || qualities.includes(slotQualities.suspect)) return null
  const delta = intervalEnergyE4(startE4, endE4, day.meter.registerDigits)
  return delta.ok ? sumOf(energiesE4) - delta.value : null
}

export function sumOf(energiesE4: BigInt64Array): bigint {
  let sum = 0n
  for (const energyE4 of energiesE4) sum += energyE4
  return sum
}
