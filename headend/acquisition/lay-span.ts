import type { Clock } from '../../domain/runtime.js'
import { addDays, type Calendar, datesIn, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { layDueReads } from '../../storage/headend/due-reads.js'
import { firstLaidMidnight, laidSpans } from '../../storage/headend/laid-days.js'
import { ensureTimePartitions } from '../../storage/time-series.js'

/**
 * Lays down the midnights of [from, through] that nobody laid down, however long ago they went by; none from before the first one ever
 * laid down. Repeating it changes nothing. @returns due points that are new.
 */
export async function laySpan(
  { database, clock }: { readonly database: Database | Transaction; readonly clock: Pick<Clock, 'now'> },
  { from, through }: { readonly from: Instant; readonly through: Instant },
  { timeZone, calendar }: { readonly timeZone: string; readonly calendar: Calendar },
): Promise<number> {
  const first = await firstLaidMidnight(database)
  if (first === null) return 0
  const closing = datesIn(calendar.dateAt(Math.max(from, first)), addDays(calendar.dateAt(through), 1))
  const days = closing.map((date) => ({
    after: calendar.startOfDay(addDays(date, -1)),
    through: calendar.startOfDay(date),
  }))
  const known = await laidSpans(database, days, null)
  const missing = days.filter((day) => !known.has(day.through))
  const [oldest] = missing
  if (oldest === undefined) return 0
  await ensureTimePartitions(database, oldest.after, through)
  let laid = 0
  for (const { through: midnight } of missing)
    laid += await layDueReads(database, { midnight, timeZone, recordedAt: clock.now() })
  return laid
}
