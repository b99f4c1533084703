import { slotQualities } from '../../../domain/interval-day.js'
import { hourMs, minuteMs } from '../../../domain/time.js'
import type { CurveRule } from '../rule.js'

/** Hours without any energy on a day that has some: an outage, or a phase that was taken off. */
export const zeroRun: CurveRule = ({ slotMinutes }, { energiesE4, qualities }, { zeroRunMs }) => {
  let [run, longest, slotsWithEnergy] = [0, 0, 0]
  for (let slot = 0; slot < energiesE4.length; slot++) {
    const isZero = energiesE4[slot] === 0n && qualities[slot] === slotQualities.measured
    if (energiesE4[slot] !== 0n) slotsWithEnergy++
    run = isZero ? run + 1 : 0
    if (run > longest) longest = run
  }
  const lengthMs = longest * slotMinutes * minuteMs
  if (slotsWithEnergy === 0 || lengthMs < zeroRunMs) return null
  return `${lengthMs / hourMs} h without energy`
}
