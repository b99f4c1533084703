import { present } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { ascending } from './day-series.js'
import { daysFrom } from './days-from.js'
import type { PeerProfile, UsageHistory } from './estimation-context.js'

const unit = 10_000n
/** A point with fewer known days has no level by which its days could be measured. */
const leastKnownDays = 14

/** The middle usage of the peers on each day, each measured by its own middle day; a day that one of them missed goes without it. */
export function peerProfileOf(histories: readonly Pick<UsageHistory, 'firstMidnight' | 'totalsE4'>[]): PeerProfile {
  const shares = new Map<LocalDate, bigint[]>()
  for (const history of histories)
    for (const { day, shareE4 } of sharesOf(history)) {
      const ofDay = shares.get(day)
      if (ofDay === undefined) shares.set(day, [shareE4])
      else ofDay.push(shareE4)
    }
  return new Map([...shares].map(([day, ofDay]) => [day, { shareE4: middle(ofDay), peers: ofDay.length }]))
}

function sharesOf({ firstMidnight, totalsE4 }: Pick<UsageHistory, 'firstMidnight' | 'totalsE4'>) {
  const known = totalsE4.slice(1).flatMap((later, index) => {
    const earlier = totalsE4[index] ?? null
    return earlier === null || later === null || later < earlier ? [] : [{ index, usageE4: later - earlier }]
  })
  const level = known.length < leastKnownDays ? 0n : middle(known.map(({ usageE4 }) => usageE4))
  // Of a home that stands empty nothing can be learnt about the others.
  if (level === 0n) return []
  const days = daysFrom(firstMidnight, totalsE4.length)
  return known.map(({ index, usageE4 }) => ({
    day: present(days[index], 'a day of the history'),
    shareE4: (usageE4 * unit) / level,
  }))
}

function middle(values: readonly bigint[]): bigint {
  return values.toSorted(ascending)[Math.floor(values.length / 2)] ?? 0n
}
