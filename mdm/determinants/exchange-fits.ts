import { dayMs } from '../../domain/time.js'
import type { BesideNote } from './note-fits.js'
import type { DeterminantPolicy } from './policy.js'

export interface NotedSide {
  readonly beside: BesideNote
  readonly multiplier: number
}

/**
 * Whether what the old and the new meter counted, from the reading before an exchange to the one after it, could be the use of that time.
 * Two notes in each other's place may each be a busy part of a day; together they are more than a day has.
 * @param usualE4PerDay kWh e4 after the multiplier.
 */
export function exchangeFits(
  taken: NotedSide,
  hung: NotedSide,
  usualE4PerDay: bigint,
  { noteExtraDays }: Pick<DeterminantPolicy, 'noteExtraDays'>,
): boolean {
  const daysBegun = BigInt(Math.max(1, Math.ceil((hung.beside.later.readAt - taken.beside.earlier.readAt) / dayMs)))
  let countedE4 = 0n
  for (const { beside, multiplier } of [taken, hung]) {
    if (!beside.delta.ok) return false
    countedE4 += (beside.delta.value - beside.slackE4) * BigInt(multiplier)
  }
  return countedE4 <= usualE4PerDay * (daysBegun + noteExtraDays)
}
