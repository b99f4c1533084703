import { beijing, type Instant, minuteMs } from '../../domain/time.js'
import { formatScaled } from '../../domain/scaled.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { hashBelow } from '../load/integer-hash.js'
import { usualTariffs } from './description.js'
import { type MaximumDemand, maximumDemands } from './maximum-demand.js'
import type { RegisterSource } from './register-source.js'

/** What a meter counts and measures at one moment. */
export interface Moment {
  readonly source: RegisterSource
  /** True time. */
  readonly at: Instant
  /** Nothing was counted before. */
  readonly energisedFrom: Instant
  /** Begin of the period whose maximum demand is asked for. */
  readonly demandFrom: Instant
  readonly feedInPercent: number
  /** Makes the voltages of two meters differ. */
  readonly seed: number
}

/**
 * Text of a field of the catalogue by its name, null where the meter keeps no such value. Everything follows from the forward
 * active registers: the simulation is about bytes, not about physics, but sums and signs are right.
 */
export function measuredText(name: string, moment: Moment): string | null {
  return energyText(name, moment) ?? demandText(name, moment) ?? variableText(name, moment)
}

/** Percent of the forward and of the reverse active energy that a quantity counts. */
const shares: Readonly<Record<string, readonly [forward: bigint, reverse: bigint]>> = {
  combinedActive: [100n, 100n],
  forwardActive: [100n, 0n],
  reverseActive: [0n, 100n],
  combinedReactive1: [30n, 10n],
  combinedReactive2: [0n, 15n],
  reactiveQuadrant1: [25n, 0n],
  reactiveQuadrant2: [0n, 15n],
  reactiveQuadrant3: [0n, 10n],
  reactiveQuadrant4: [5n, 0n],
  quadrant1: [25n, 0n],
  quadrant2: [0n, 15n],
  quadrant3: [0n, 10n],
  quadrant4: [5n, 0n],
  forwardReactive: [30n, 0n],
  reverseReactive: [0n, 15n],
  forwardApparent: [105n, 0n],
  reverseApparent: [0n, 105n],
  associated: [100n, 0n],
  forwardFundamental: [98n, 0n],
  reverseFundamental: [0n, 98n],
  forwardHarmonic: [2n, 0n],
  reverseHarmonic: [0n, 2n],
}
const phasePercent: Readonly<Record<string, bigint>> = { A: 34n, B: 33n, C: 33n }
const energyName = /^(\w+?)Energy(Total|Tou(\d+)|(?:Phase)?([ABC]))?$/
const demandName = /^(\w+?)Demand(Time)?(Total|Tou(\d+))(Time)?$/

function energyText(name: string, moment: Moment): string | null {
  const [, quantity = '', , tou, phase] = energyName.exec(name) ?? []
  const share = shares[quantity]
  if (share === undefined) return null
  const tariff = tou === undefined ? 0 : Number(tou)
  if (tariff > usualTariffs) return null
  const e4 = shareOf(share, registerE4(moment, tariff), moment.feedInPercent)
  const counted = phase !== undefined ? (e4 * (phasePercent[phase] ?? 0n)) / 100n : e4
  return shown(counted)
}

function shareOf([forward, reverse]: readonly [bigint, bigint], e4: bigint, feedInPercent: number): bigint {
  return (e4 * forward + (e4 * reverse * BigInt(feedInPercent)) / 100n) / 100n
}

function registerE4({ source, at }: Moment, tariff: number): bigint {
  const { totalE4, touE4 } = source.registersAt(at)
  return tariff === 0 ? totalE4 : (touE4[tariff - 1] ?? 0n)
}

/** XXXXXX.XX, cut off, starting again from zero at 10^6 (signed ones at 8 × 10^5 are never reached by a simulated load). */
function shown(e4: bigint): string {
  return formatScaled((e4 % 10_000_000_000n) / 100n, 2, 2)
}

function demandText(name: string, moment: Moment): string | null {
  const [, quantity = '', timeIn1997, , tou, timeIn2007] = demandName.exec(name) ?? []
  const share = shares[quantity]
  if (share === undefined) return null
  const tariff = tou === undefined ? 0 : Number(tou)
  const demand = tariff > usualTariffs ? null : (demandsOf(moment)[tariff] ?? null)
  const kWE4 = demand === null ? 0n : shareOf(share, demand.kWE4, moment.feedInPercent)
  if (timeIn1997 !== undefined) return kWE4 === 0n || demand === null ? null : meterTimeAt(demand.at).slice(5, 16)
  if (timeIn2007 !== undefined) return kWE4 === 0n || demand === null ? null : meterTimeAt(demand.at).slice(0, 16)
  return tariff > usualTariffs ? null : formatScaled(kWE4 % 1_000_000n, 4, 4)
}

/** A block asks for every register of one moment, so the last answer is kept with its moment. */
const lastDemands = new WeakMap<Moment, readonly (MaximumDemand | null)[]>()

function demandsOf(moment: Moment): readonly (MaximumDemand | null)[] {
  const known = lastDemands.get(moment)
  if (known !== undefined) return known
  const demands = maximumDemands(moment.source, moment.demandFrom, moment.at)
  lastDemands.set(moment, demands)
  return demands
}

const quarterMs = 15 * minuteMs
const sunshine = { fromMinute: 10 * 60, toMinute: 15 * 60 }

/** Active power in kW e4: the mean of the last quarter, negative while the panels give more than the house takes. */
function activePowerE4({ source, at, energisedFrom, feedInPercent }: Moment): bigint {
  const before = Math.max(energisedFrom, at - quarterMs)
  const used = (source.registersAt(at).totalE4 - source.registersAt(before).totalE4) * 4n
  const minute = beijing.minuteOfDay(at)
  const givesBack = feedInPercent > 0 && minute >= sunshine.fromMinute && minute < sunshine.toMinute
  return givesBack ? -used : used
}

function variableText(name: string, moment: Moment): string | null {
  const [, quantity = '', part = ''] = /^([a-zA-Z]+?)(Total|[ABC])?(?:Order\d+)?$/.exec(name) ?? []
  const { at, seed } = moment
  const minute = Math.floor(at / minuteMs)
  const phase = part === 'A' ? 1 : part === 'B' ? 2 : part === 'C' ? 3 : 0
  const noise = (bound: number) => BigInt(hashBelow(bound, seed, minute, phase))
  const powerE4 = () =>
    phase === 0 ? activePowerE4(moment) : (activePowerE4(moment) * (phasePercent[part] ?? 0n)) / 100n
  // S is 105 percent of P, and P over S the power factor.
  const apparentE4 = () => (powerE4() * 105n) / 100n
  const mains = 2170n + noise(80)
  switch (quantity) {
    case 'voltage':
      return formatScaled(mains, 1, 1)
    case 'current':
      return formatScaled(capped((apparentE4() * 1000n) / mains, 799_999n), 3, 3)
    case 'neutralCurrent':
      return formatScaled(noise(50), 3, 3)
    case 'activePower':
    case 'minuteActivePower':
    case 'runningActiveDemand':
      return formatScaled(capped(powerE4(), 799_999n), 4, 4)
    case 'reactivePower':
    case 'runningReactiveDemand':
      return formatScaled(capped((powerE4() * 30n) / 100n, 799_999n), 4, 4)
    case 'apparentPower':
    case 'runningApparentDemand':
      return formatScaled(capped(apparentE4(), 799_999n), 4, 4)
    case 'powerFactor':
      return '0.952'
    case 'phaseAngle':
      return formatScaled(120n + noise(60), 1, 1)
    case 'voltageDistortion':
    case 'currentDistortion':
    case 'voltageHarmonic':
    case 'currentHarmonic':
      return formatScaled(100n + noise(150), 2, 2)
    case 'frequency':
      return formatScaled(4996n + noise(9), 2, 2)
    case 'temperature':
      return formatScaled(210n + noise(120), 1, 1)
    case 'clockBatteryVoltage':
      return '3.60'
    case 'readingBatteryVoltage':
      return '6.00'
    default:
      return null
  }
}

function capped(value: bigint, most: bigint): bigint {
  return value > most ? most : value < -most ? -most : value
}
