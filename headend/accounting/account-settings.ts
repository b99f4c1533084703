import { defaultReadLadder, type ReadLadder } from '../../domain/read-ladder.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { AccountSpan } from '../../storage/headend/account-span.js'
import { type DueWindows, usualWindows } from '../../storage/headend/due-windows.js'
import { type CausePrecedence, defaultPrecedence } from './classify-cause.js'

/** The versioned data that an account of due points is told with. */
export interface AccountSettings {
  readonly ladder: ReadLadder
  readonly precedence: CausePrecedence
  /** A meter that was never read counts as not commissioned this long after its installation. */
  readonly newMeterMs: number
}

export const defaultAccountSettings: AccountSettings = {
  ladder: defaultReadLadder,
  precedence: defaultPrecedence,
  newMeterMs: 14 * dayMs,
}

/** Which due points are looked at, and from where. */
export interface SpanWish {
  readonly after: Instant
  readonly through: Instant
  /** Only facts recorded at or before this count; null for all there are. */
  readonly asOf: Instant | null
  /** The instant of looking where no other is asked for. */
  readonly now: Instant
  readonly template?: string | null
}

/** The due points of (after, through], as of an instant; `windows` are those of the plan that was in force on that night. */
export function spanOf(
  settings: AccountSettings,
  { after, through, asOf, now, template = null }: SpanWish,
  windows: DueWindows = usualWindows,
): AccountSpan {
  return {
    after,
    through,
    asOf,
    lookedAt: asOf ?? now,
    template,
    windows,
    newMeterMs: settings.newMeterMs,
  }
}
