import { countedUsage, ascending, type Forecast, toDaySeries } from '../../mdm/estimation/day-series.js'
import type { MeasuredErrors } from '../../mdm/estimation/built-in-errors.js'
import type { PeerProfile } from '../../mdm/estimation/estimation-context.js'
import { peerProfileOf } from '../../mdm/estimation/peer-profile-of.js'
import {
  forecastErrors,
  interpolationErrors,
  type PastErrors,
  scoreUnit,
  shareUnit,
  spreadOf,
} from '../../mdm/estimation/past-errors.js'
import { ownHistory } from '../../mdm/estimation/methods/own-history.js'
import { peerProfile } from '../../mdm/estimation/methods/peer-profile.js'
import { previousPeriod } from '../../mdm/estimation/methods/previous-period.js'
import { sameDayType } from '../../mdm/estimation/methods/same-day-type.js'
import type { MethodName } from '../../mdm/estimation/policy-document.js'
import { type Household, historyBefore, historyDays, isMeasured } from './households.js'

export const mostPeers = 20
const scoresKept = 40
/** Days between two stretches that are tried on one household. */
const stride = 6

const forecasts: Readonly<
  Record<Exclude<MethodName, 'interpolation'>, { readonly of: Forecast; readonly days: readonly number[] }>
> = {
  peer_profile: { of: peerProfile, days: [1, 2, 3, 5, 7] },
  own_history: { of: ownHistory, days: [1, 2, 3, 5, 7] },
  same_day_type: { of: sameDayType, days: [1, 2, 3, 5, 7] },
  previous_period: { of: previousPeriod, days: [1, 2, 3, 5, 7, 28] },
}
const gaps = [2, 3, 4, 6, 8, 11, 16]

interface Case {
  readonly past: PastErrors
  readonly error: bigint
  readonly estimate: bigint
}

/** Errors of every method on the households, pooled: what a policy carries under `errors`, and what is built in. */
export function measureErrors(
  households: readonly Household[],
): Readonly<Record<MethodName, readonly MeasuredErrors[]>> {
  const open = (method: keyof typeof forecasts) =>
    forecasts[method].days.map((days) => pooled(days, openCases(households, forecasts[method].of, days), scoreUnit))
  return {
    interpolation: gaps.map((gap) => pooled(gap, gapCases(households, gap), null)),
    peer_profile: open('peer_profile'),
    own_history: open('own_history'),
    same_day_type: open('same_day_type'),
    previous_period: open('previous_period'),
  }
}

/** Households that stand for the neighbours of one: the next ones in order. */
export function peersOf(households: readonly Household[], place: number): readonly Household[] {
  return Array.from({ length: Math.min(mostPeers, households.length - 1) }, (_, step) => {
    const peer = households[(place + 1 + step) % households.length]
    return peer === undefined ? [] : [peer]
  }).flat()
}

function openCases(households: readonly Household[], forecast: Forecast, days: number): readonly Case[] {
  return households.flatMap((household, place) =>
    origins(household, days).flatMap((origin) => {
      const peers: PeerProfile =
        forecast === peerProfile
          ? peerProfileOf(peersOf(households, place).map((peer) => historyBefore(peer, origin + days)))
          : new Map()
      const series = toDaySeries(historyBefore(household, origin), days, { peers, leastPeers: 5, calendar: noHolidays })
      const [estimate, counted] = [
        forecast(series, series.usagesE4.length, days),
        countedUsage(household, origin, days),
      ]
      if (estimate === null || counted === null) return []
      return [{ past: forecastErrors(series, forecast, days), error: counted - estimate, estimate }]
    }),
  )
}

function gapCases(households: readonly Household[], gap: number): readonly Case[] {
  return households.flatMap((household) =>
    origins(household, gap).flatMap((origin, turn) => {
      const days = 1 + (turn % (gap - 1))
      const series = toDaySeries(historyBefore(household, origin), 0, {
        peers: new Map(),
        leastPeers: 5,
        calendar: noHolidays,
      })
      const [part, whole] = [countedUsage(household, origin, days), countedUsage(household, origin, gap)]
      if (part === null || whole === null || whole === 0n) return []
      const error = (part * shareUnit) / whole - (BigInt(days) * shareUnit) / BigInt(gap)
      return [{ past: interpolationErrors(series, days, gap), error, estimate: 1n }]
    }),
  )
}

const noHolidays = { holidays: new Set<string>(), workingWeekends: new Set<string>() }

function origins(household: Household, days: number): readonly number[] {
  const last = household.totalsE4.length - 1 - days
  const all = Array.from(
    { length: Math.max(0, Math.ceil((last - historyDays) / stride)) },
    (_, turn) => historyDays + turn * stride,
  )
  return all.filter((origin) => isMeasured(household, origin, origin + days))
}

/** @param unit of the mean error against the estimate; null where errors are shares already. */
function pooled(days: number, cases: readonly Case[], unit: bigint | null): MeasuredErrors {
  const size = (value: bigint) => (value < 0n ? -value : value)
  const errors = sum(cases.map(({ error }) => size(error)))
  const usual =
    unit === null ? errors / BigInt(cases.length) : (errors * unit) / sum(cases.map(({ estimate }) => estimate))
  const scores = cases
    .map(
      ({ past, error, estimate }) =>
        (error * scoreUnit) / spreadOf(past, unit === null ? usual : (estimate * usual) / unit),
    )
    .toSorted(ascending)
  const at = (place: number) => scores[Math.floor(((2 * place + 1) * scores.length) / (2 * scoresKept))] ?? 0n
  return { days, usual: Number(usual), scores: Array.from({ length: scoresKept }, (_, place) => Number(at(place))) }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}
