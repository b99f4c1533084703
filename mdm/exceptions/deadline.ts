import { type ExceptionPolicy, kindPolicy } from '../../domain/exception-policy.js'
import { cutOffOf, type ReadLadder } from '../../domain/read-ladder.js'
import { calendarFor, hourMs, type Instant } from '../../domain/time.js'

/** Until when an exception is to be decided: as its kind says, but not after the month it belongs to is cut off, unless that is over. */
export function deadlineOf(
  { kind, readAt, timeZone }: { readonly kind: string; readonly readAt: Instant | null; readonly timeZone: string },
  now: Instant,
  policy: ExceptionPolicy,
  ladder: ReadLadder,
): Instant {
  const byKind = now + kindPolicy(policy, kind).deadlineHours * hourMs
  if (readAt === null) return byKind
  const cutOff = cutOffOf(readAt, calendarFor(timeZone), ladder)
  return cutOff > now ? Math.min(byKind, cutOff) : byKind
}
