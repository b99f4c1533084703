import { resolutionE4 } from '../../domain/register-width.js'
import type { RegisterSet } from '../../domain/reading.js'
import { err, ok, type Result } from '../../domain/result.js'
import { calendarFor, type Instant } from '../../domain/time.js'
import type { Neighbours } from '../../storage/mdm/exception-effects.js'
import { interpolate } from '../estimation/interpolate.js'

export interface NotEstimableRefused {
  readonly kind: 'billing_boundary' | 'no_earlier_value' | 'no_later_value' | 'registers_disagree'
}

/** What a person who asks for an estimate gets: the same rule as without asking, so never a value at which a bill begins or ends. */
export function estimateKey(
  { readAt, timeZone }: { readonly readAt: Instant; readonly timeZone: string },
  { agreementBoundary, before, after, registerDecimals }: Neighbours,
): Result<RegisterSet, NotEstimableRefused> {
  const isMonthStart = calendarFor(timeZone).dateAt(readAt).endsWith('-01')
  if (agreementBoundary || isMonthStart) return err({ kind: 'billing_boundary' })
  if (before === null) return err({ kind: 'no_earlier_value' })
  if (after === null) return err({ kind: 'no_later_value' })
  const registers = interpolate(before, after, readAt, resolutionE4({ registerDecimals }))
  return registers === null ? err({ kind: 'registers_disagree' }) : ok(registers)
}
