import { defaultReadLadder, type ReadLadder } from '../../domain/read-ladder.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { AccountSpan } from '../../storage/headend/due-accounts.js'
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

/** The due points of (after, through], as of an instant; null for all that is known. */
export function spanOf(
  settings: AccountSettings,
  span: {
    readonly after: Instant
    readonly through: Instant
    readonly asOf: Instant | null
    readonly template?: string | null
  },
): AccountSpan {
  return {
    template: null,
    ...span,
    windowMs: settings.ladder.retryMs,
    newMeterMs: settings.newMeterMs,
  }
}
