import { beijing, type Instant } from '../../domain/time.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { YearlessMinute } from './set-value.js'

/** The latest instant at or before `notAfter` that a minute without a year names; null for 29 February where neither year has one. */
export function withYear(minute: YearlessMinute, notAfter: Instant): Instant | null {
  const year = Number(beijing.dateAt(notAfter).slice(0, 4))
  for (const each of [year, year - 1]) {
    if (minute.startsWith('02-29') && each % 4 !== 0) continue
    const instant = instantOfMeterTime(`${each}-${minute}:00`)
    if (instant <= notAfter) return instant
  }
  return null
}
