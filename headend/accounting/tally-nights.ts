import type { Clock } from '../../domain/runtime.js'
import { dayMs, hourMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type TalliedNight, talliedNights, tallyNight } from '../../storage/headend/night-tallies.js'
import type { ReadLadder } from '../../domain/read-ladder.js'
import { windowsAt } from './account-span.js'

/** A night that nobody tallied in time is told from the facts one by one for good. */
const lookBackMs = 7 * dayMs
/** A morning in which concentrators bring what they kept. */
const secondLookMs = 3 * hourMs

/**
 * Tallies the midnights whose windows are over. Any node may, as often as it likes: a tally follows from the facts recorded by its
 * instant, and that instant from the midnight. @returns tallies that are new.
 */
export async function tallyNights(
  { database, clock }: { readonly database: Database; readonly clock: Pick<Clock, 'now'> },
  ladder: ReadLadder,
): Promise<readonly { readonly readAt: Instant; readonly talliedAt: Instant }[]> {
  const now = clock.now()
  const made: { readonly readAt: Instant; readonly talliedAt: Instant }[] = []
  for (const night of await talliedNights(database, now - lookBackMs)) {
    const talliedAt = nextTally(night, ladder, now)
    if (talliedAt === null) continue
    const tally = { readAt: night.readAt, talliedAt }
    const windows = await windowsAt(database, night.readAt)
    if (await tallyNight(database, { ...tally, windows })) made.push(tally)
  }
  return made
}

/**
 * The instant as of which a night is to be tallied now: the end of its window, and later ones as long as too much was left; null when
 * there is nothing to do yet or any more.
 */
export function nextTally(
  { readAt, talliedAt, listed }: TalliedNight,
  { retryMs, backFillMs }: Pick<ReadLadder, 'retryMs' | 'backFillMs'>,
  now: Instant,
): Instant | null {
  if (listed) return null
  const instants = [retryMs, retryMs + secondLookMs, backFillMs].map((ageMs) => readAt + ageMs)
  return instants.findLast((instant) => instant <= now && instant > (talliedAt ?? Number.NEGATIVE_INFINITY)) ?? null
}
