import { resolutionE4 } from '../../domain/register-width.js'
import { hourMs } from '../../domain/time.js'
import { instantOf, lastDay, midnightOf, periodEndDay, periodStartDay } from './calendar.js'
import { type Chance, createChance, topics } from './chance.js'
import { createCountingMeter } from './counting-meter.js'
import { drawPoint, type PointNeeds } from './draw-point.js'
import { type FaultName, faultNames } from './fault-names.js'
import { claimFaults, planFaults } from './faults/all-faults.js'
import { metersSwapped } from './faults/meters-swapped.js'
import type { Scene, Strike } from './faults/scene.js'
import type { HistoryMeter, MeterHistory, PlantedFault, PointHistory, Stretch } from './history.js'
import { honestClaims } from './honest-claims.js'
import { minutesPerDay } from './load.js'
import type { PointPlan } from './point-plan.js'
import { extremeDaysOf, truthOf } from './truth.js'

/** Out of a thousand histories so many have a fault, and of those so many a second one. */
const faultyShare = 500
const secondFaultShare = 100

/** Room for the meters of one history. */
const metersPerHistory = 16n
const metersPerPoint = 8n

/** What a fault needs to find at its point. */
const needs: Readonly<Partial<Record<FaultName, PointNeeds>>> = {
  wrong_note: { exchange: true },
  notes_swapped: { exchange: true },
  start_note_zero: { exchange: true },
  note_at_another_instant: { exchange: true },
  mistyped_multiplier: { newMultiplier: true },
  live_read_too_late: { live: true },
  meters_swapped: { plain: true },
}

/** The history of a number under a seed: the same arguments always give the same one. */
export function generateHistory(seed: number, number: number): MeterHistory {
  const chance = createChance(seed, number, 0)
  const faults = drawFaults(chance)
  const first = createPoint(chance, faults, BigInt(number) * metersPerHistory + 1n)
  const swap = faults.find(({ name }) => name === 'meters_swapped')
  if (swap === undefined) return toHistory(seed, number, [first])
  const second = createPoint(
    createChance(seed, number, 1),
    [swap],
    BigInt(number) * metersPerHistory + 1n + metersPerPoint,
  )
  const [mine, others] = metersSwapped([first.scene, second.scene], { chance, day: swap.day })
  return toHistory(seed, number, [
    { ...first, scene: { ...first.scene, claims: mine }, planted: [...first.planted, swap] },
    { ...second, scene: { ...second.scene, claims: others }, planted: [swap] },
  ])
}

/** What is to be planted in the history of a number, found without making it. A fault for which there is no place is left out there. */
export function faultsOf(seed: number, number: number): readonly FaultName[] {
  return drawFaults(createChance(seed, number, 0)).map(({ name }) => name)
}

function drawFaults(chance: Chance): readonly PlantedFault[] {
  if (!chance.perMille(faultyShare, topics.fault, 0)) return []
  const first = drawFault(chance, 1)
  if (first.name === 'meters_swapped' || !chance.perMille(secondFaultShare, topics.secondFault)) return [first]
  const second = drawFault(chance, 2)
  return second.name === 'meters_swapped' || second.name === first.name ? [first] : [first, second]
}

/** Mostly around the ends of the period, where a wrong value would be billed. */
function drawFault(chance: Chance, order: number): PlantedFault {
  const near = chance.pick(
    [periodStartDay - 1, periodStartDay, periodStartDay, periodEndDay, periodEndDay],
    topics.faultDay,
    order,
  )
  const anywhere = chance.between(periodStartDay - 4, periodEndDay + 3, topics.faultDay, order, 1)
  const day = chance.perMille(600, topics.faultDay, order, 2) ? near : anywhere
  return { name: faultNames[chance.below(faultNames.length, topics.fault, order)] ?? 'gap', day }
}

interface CreatedPoint {
  readonly scene: Scene
  readonly planted: readonly PlantedFault[]
}

function createPoint(chance: Chance, faults: readonly PlantedFault[], firstMeterId: bigint): CreatedPoint {
  const needed = faults.reduce<PointNeeds>((all, { name }) => ({ ...all, ...needs[name] }), {})
  const planted: PlantedFault[] = []
  let plan = drawPoint(chance, firstMeterId, needed)
  for (const fault of faults) {
    const changed = planFaults[fault.name]?.(plan, strikeOf(chance, fault)) ?? null
    if (changed === null) continue
    plan = changed
    planted.push(fault)
  }
  const meters = plan.hanging.map((meter) => createCountingMeter(meter, plan.load, plan.ratios))
  let scene: Scene = { plan, meters, claims: honestClaims(plan, meters), estimates: [] }
  for (const fault of faults) {
    const changed = claimFaults[fault.name]?.(scene, strikeOf(chance, fault)) ?? null
    if (changed === null) continue
    scene = { ...scene, ...changed }
    planted.push(fault)
  }
  return { scene, planted }
}

function strikeOf(chance: Chance, { day }: PlantedFault): Strike {
  return { chance, day }
}

function toHistory(seed: number, number: number, points: readonly CreatedPoint[]): MeterHistory {
  return {
    seed,
    number,
    periodStart: midnightOf(periodStartDay),
    periodEnd: midnightOf(periodEndDay),
    closedAt: midnightOf(lastDay) + 12 * hourMs,
    meters: points.flatMap(({ scene }) => believedMeters(scene.plan)),
    points: points.map(toPoint),
    claims: points
      .flatMap(({ scene }) => scene.claims)
      .sort((a, b) => a.arrivedAt - b.arrivedAt || Number(a.meterId - b.meterId)),
    estimates: points.flatMap(({ scene }) => scene.estimates),
  }
}

function toPoint({ scene: { plan, meters }, planted }: CreatedPoint): PointHistory {
  const { loadClass, believedRatios, events } = plan
  const multipliers = believedRatios.map(({ fromMinute, ratio }, index): Stretch<number> => {
    const next = believedRatios[index + 1]?.fromMinute
    return {
      from: instantOf(index === 0 ? standingDay * minutesPerDay : fromMinute),
      to: next === undefined ? null : instantOf(next),
      value: ratio,
    }
  })
  const [fullestDayE4, emptiestDayE4] = extremeDaysOf(plan)
  const truth = truthOf(plan, meters)
  const installations = installationsOf(plan)
  const stepE4 = plan.hanging
    .map((meter) => resolutionE4(meter) * BigInt(Math.max(...plan.ratios.map(({ ratio }) => ratio))))
    .reduce((most, step) => (step > most ? step : most))
  return { loadClass, installations, multipliers, truth, fullestDayE4, emptiestDayE4, stepE4, events, planted }
}

/** Long before the history: since then the first meter has hung there. */
const standingDay = -2000

function installationsOf({ hanging, exchanges }: PointPlan): readonly Stretch<bigint>[] {
  const starts = [standingDay * minutesPerDay, ...exchanges.map(({ believedMinute }) => believedMinute)]
  return starts.map((minute, index) => {
    const next = starts[index + 1]
    return {
      from: instantOf(minute),
      to: next === undefined ? null : instantOf(next),
      value: hanging[index]?.meterId ?? 0n,
    }
  })
}

function believedMeters({ hanging, believedDigits }: PointPlan): readonly HistoryMeter[] {
  return hanging
    .filter(({ meterId }, index) => hanging.findIndex((other) => other.meterId === meterId) === index)
    .map(({ meterId, registerDigits, registerDecimals }, index) => ({
      meterId,
      registerDigits: index === 0 ? (believedDigits ?? registerDigits) : registerDigits,
      registerDecimals,
    }))
}
