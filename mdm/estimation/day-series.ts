import type { LocalDate } from '../../domain/time.js'
import { type DayType, dayTypeOf, type WorkCalendar } from './day-type.js'
import { daysFrom } from './days-from.js'
import type { PeerProfile, UsageHistory } from './estimation-context.js'

/** A point's days one after another: those of its history, then those of its gap. Energies kWh e4 before the multiplier. */
export interface DaySeries {
  /** Accepted totals at the midnight that opens each day of the history, and at the one that opens the gap. */
  readonly totalsE4: readonly (bigint | null)[]
  /** Usage of each day of the history; null where one of its midnights is not known or the register fell. */
  readonly usagesE4: readonly (bigint | null)[]
  /** The same, but no day above three times the middle one: a single feast or mistake carries no estimate. */
  readonly steadyE4: readonly (bigint | null)[]
  readonly knownDays: number
  readonly dayTypes: readonly DayType[]
  /** Of all days, those of the gap included; null where too few peers are known. */
  readonly peerSharesE4: readonly (bigint | null)[]
  /** Fewest peers on a day of the gap. */
  readonly peers: number
}

/**
 * Usage of so many whole days from the day `from` on, from what is known before that day; null where that is not enough. The error of
 * a method is measured by asking it for days that are known.
 */
export type Forecast = (series: DaySeries, from: number, ahead: number) => bigint | null

const mostTimesMiddle = 3n

export function toDaySeries(
  history: UsageHistory,
  gapDays: number,
  {
    peers,
    leastPeers,
    calendar,
  }: { readonly peers: PeerProfile; readonly leastPeers: number; readonly calendar: WorkCalendar },
): DaySeries {
  const { totalsE4, firstMidnight } = history
  const usagesE4 = totalsE4.slice(1).map((total, index) => usageBetween(totalsE4[index] ?? null, total))
  const known = usagesE4.filter((usage) => usage !== null)
  const days = daysFrom(firstMidnight, usagesE4.length + gapDays)
  const peersOf = (day: LocalDate) => peers.get(day)?.peers ?? 0
  return {
    totalsE4,
    usagesE4,
    steadyE4: withoutPeaks(usagesE4, known),
    knownDays: known.length,
    dayTypes: days.map((day) => dayTypeOf(day, calendar)),
    peerSharesE4: days.map((day) => (peersOf(day) >= leastPeers ? (peers.get(day)?.shareE4 ?? null) : null)),
    peers: Math.min(...days.slice(usagesE4.length).map(peersOf)),
  }
}

/** Usage of `ahead` whole days from the day `from` on as it was counted; null where an end is not known. */
export function countedUsage({ totalsE4 }: Pick<DaySeries, 'totalsE4'>, from: number, ahead: number): bigint | null {
  return usageBetween(totalsE4[from] ?? null, totalsE4[from + ahead] ?? null)
}

function usageBetween(earlierE4: bigint | null, laterE4: bigint | null): bigint | null {
  return earlierE4 === null || laterE4 === null || laterE4 < earlierE4 ? null : laterE4 - earlierE4
}

function withoutPeaks(usagesE4: readonly (bigint | null)[], known: readonly bigint[]): readonly (bigint | null)[] {
  const middle = known.toSorted(ascending)[Math.floor(known.length / 2)] ?? 0n
  const most = mostTimesMiddle * middle
  // A home that stands empty most of the time has a middle of nothing; then nothing is cut.
  return middle === 0n ? usagesE4 : usagesE4.map((usage) => (usage !== null && usage > most ? most : usage))
}

export function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
