import { invariant, present } from '../../domain/result.js'
import type { Random } from '../../domain/runtime.js'
import { addDays, beijing, daysBetween, type Instant, type LocalDate } from '../../domain/time.js'
import { classLoads, type TouNumber } from './customer-classes.js'
import { type Load, slotEnergiesE4, slotMs, slotsPerDay } from './slot-load.js'

/** Energy per tariff register, kWh e4: tou1…tou4. */
export type TouEnergiesE4 = readonly [bigint, bigint, bigint, bigint]

/** Half-open span without supply: no energy flows in it. */
export interface Outage {
  readonly from: Instant
  readonly to: Instant
}

/** What a usage point has drawn since a first day; the energy of a 15-minute slot is there at the slot's end. */
export interface SuppliedEnergy {
  /** Refuses instants before the first day by invariant. */
  readonly upTo: (instant: Instant) => TouEnergiesE4
}

const slotsPerHour = 4
const nothing: TouEnergiesE4 = [0n, 0n, 0n, 0n]

/** Sums at midnights are kept, so that only the slots of one day are added for an instant inside it. */
export function createSuppliedEnergy(
  random: Random,
  load: Load,
  firstDay: LocalDate,
  outages: readonly Outage[] = [],
): SuppliedEnergy {
  const atMidnight: TouEnergiesE4[] = [nothing]
  const energyIn = (date: LocalDate, slots: number) =>
    sumOfSlots(load, slotEnergiesE4(random, load, date), beijing.startOfDay(date), slots, outages)
  const upToMidnight = (day: number): TouEnergiesE4 => {
    for (let known = atMidnight.length; known <= day; known += 1)
      atMidnight.push(
        plus(present(atMidnight[known - 1], 'midnight'), energyIn(addDays(firstDay, known - 1), slotsPerDay)),
      )
    return present(atMidnight[day], 'midnight')
  }
  return {
    upTo(instant) {
      const date = beijing.dateAt(instant)
      const day = daysBetween(firstDay, date)
      invariant(day >= 0, `no load is known before ${firstDay}`)
      const slots = Math.floor((instant - beijing.startOfDay(date)) / slotMs)
      return slots === 0 ? upToMidnight(day) : plus(upToMidnight(day), energyIn(date, slots))
    },
  }
}

export function minus(whole: TouEnergiesE4, part: TouEnergiesE4): TouEnergiesE4 {
  return [whole[0] - part[0], whole[1] - part[1], whole[2] - part[2], whole[3] - part[3]]
}

export function plus(left: TouEnergiesE4, right: TouEnergiesE4): TouEnergiesE4 {
  return [left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3]]
}

function sumOfSlots(
  load: Load,
  energies: readonly bigint[],
  midnight: Instant,
  slots: number,
  outages: readonly Outage[],
): TouEnergiesE4 {
  const { touOfHour } = classLoads[load.customerClass]
  const sums: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n]
  for (const [slot, energy] of energies.slice(0, slots).entries()) {
    const from = midnight + slot * slotMs
    if (outages.some((outage) => outage.from <= from && from < outage.to)) continue
    const tou: TouNumber = present(touOfHour[Math.floor(slot / slotsPerHour)], 'hour of the day')
    sums[tou - 1] = present(sums[tou - 1], 'register') + energy
  }
  return sums
}
