import type { RegisterSet } from '../../domain/reading.js'
import { beijing, type Instant, minuteMs } from '../../domain/time.js'
import type { RegisterSource } from '../../simulators/meter/register-source.js'

const quarterMs = 15 * minuteMs
const loadFrom = beijing.startOfDay('2026-01-01')
/** A prime number of quarters, so that no day is like another. */
const pattern = Array.from({ length: 101 }, (_, index) => BigInt((index * 7919) % 601))

/** Energy of a quarter of an hour in units of 0.01 kWh, the resolution of a register. */
function quarterCounts(ordinal: number, quarter: number): bigint {
  return pattern[(quarter + 13 * ordinal) % pattern.length] ?? 0n
}

const cumulated = new Map<number, readonly bigint[]>()
const quarters = 400 * 96

function sumsOf(ordinal: number): readonly bigint[] {
  const known = cumulated.get(ordinal)
  if (known !== undefined) return known
  const sums = [0n]
  for (let quarter = 0; quarter < quarters; quarter += 1)
    sums.push((sums[quarter] ?? 0n) + quarterCounts(ordinal, quarter))
  cumulated.set(ordinal, sums)
  return sums
}

/** Registers in kWh e4 of a load that differs from quarter to quarter, all of it on tou2 and whole hundredths of a kWh. */
export function unevenRegisters(ordinal: number, instant: Instant): RegisterSet {
  const quarter = Math.max(0, Math.floor((instant - loadFrom) / quarterMs))
  const totalE4 = (sumsOf(ordinal)[quarter] ?? 0n) * 100n
  return { totalE4, touE4: [0n, totalE4, 0n, 0n] }
}

export function unevenLoad(ordinal: number): RegisterSource {
  return { registersAt: (instant) => unevenRegisters(ordinal, instant) }
}

/** Energy of the slot [start, start + slotMs), kWh e4. */
export function unevenEnergy(ordinal: number, start: Instant, slotMs = quarterMs): bigint {
  return unevenRegisters(ordinal, start + slotMs).totalE4 - unevenRegisters(ordinal, start).totalE4
}

/** The greatest quarter of [from, to) as a mean power in kW e4, and its end: of several as great the first. */
export function greatestQuarter(ordinal: number, from: Instant, to: Instant) {
  let greatest = { valueE4: 0n, occurredAt: null as Instant | null }
  for (let start = from; start < to; start += quarterMs) {
    const valueE4 = unevenEnergy(ordinal, start) * 4n
    if (valueE4 > greatest.valueE4) greatest = { valueE4, occurredAt: start + quarterMs }
  }
  return greatest
}
