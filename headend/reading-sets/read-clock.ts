import type { ClockLimits } from '../../domain/clock-limits.js'
import { ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { beijing, hourMs, type Instant, type LocalDate, minuteMs, secondMs } from '../../domain/time.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import type { CollectedClockCheck, ValueFrame } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, type ItemAnswer, joinFrames, type SetMeter, type Unanswered } from './ask-item.js'
import { classifyClock, clockDrift, type ClockOffset, clockOffset } from './clock-offset.js'
import { type SetOutcome, toProblem } from './set-outcome.js'

/** Date with weekday, and time, by edition. */
export const clockItems: Readonly<Record<Edition, { readonly date: string; readonly time: string }>> = {
  '2007': { date: '04000101', time: '04000102' },
  '1997': { date: 'C010', time: 'C011' },
}

export interface ClockWish {
  readonly limits: ClockLimits
  /** Of the line; null for a carrier that costs no time. */
  readonly baud: number | null
  /** The last check, if the clock was not set since; null otherwise. */
  readonly previous: ClockOffset | null
}

export interface ClockOutcome extends SetOutcome {
  readonly values: readonly CollectedClockCheck[]
}

/** So near to its midnight the meter may have turned its date between two requests. */
const midnightMarginMs = 5 * minuteMs

/**
 * Reads a meter's date and time and compares them with ours. Near its midnight the date is read again after the time, since the two
 * are different items. A clock that shows no moment that exists is `absurd`, as one is that is years off.
 */
export async function readClock(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  wish: ClockWish,
): Promise<ClockOutcome> {
  const items = clockItems[meter.edition]
  const date = await askItem(line, meter, items.date, 'meter_date')
  if (!date.ok) return unread(meter, items.date, date.error)
  const askedAt = clock.now()
  const time = await askItem(line, meter, items.time, 'meter_time')
  if (!time.ok) return unread(meter, items.time, time.error)
  const dated = await settleDate(line, meter, date.value, time.value.value.secondOfDay)
  if (!dated.ok) return unread(meter, items.date, dated.error)
  const { request, response, receivedAt } = time.value.frame
  const shown = beijing.startOfDay(dated.value.date) + time.value.value.secondOfDay * secondMs
  const offset = clockOffset(shown, {
    askedAt,
    answeredAt: receivedAt,
    requestBytes: request?.length ?? 0,
    replyBytes: response.length,
    baud: wish.baud,
  })
  const frame = joinFrames([date.value.frame, time.value.frame, ...dated.value.frames])
  return { values: [toCheck(meter, shown, offset, frame, wish)], problems: [] }
}

function toCheck(
  { meterId }: SetMeter,
  meterTime: Instant,
  offset: ClockOffset,
  frame: ValueFrame,
  { previous, limits }: ClockWish,
): CollectedClockCheck {
  const driftMsPerDay = previous === null ? null : clockDrift(previous, offset, limits)
  const { at: checkedAt, offsetMs, uncertaintyMs } = offset
  const evidence = { frame, slice: null }
  const worth = classifyClock(offset, driftMsPerDay, limits)
  return {
    kind: 'clock',
    meterId,
    checkedAt,
    meterTime,
    offsetMs,
    uncertaintyMs,
    driftMsPerDay,
    class: worth,
    evidence,
  }
}

interface Dated {
  readonly date: LocalDate
  /** Of a second look at the date. */
  readonly frames: readonly ValueFrame[]
}

/** The date that goes with a time: where the date turned meanwhile, a time of the evening belongs to the one before. */
async function settleDate(
  line: Dlt645Line,
  meter: SetMeter,
  first: ItemAnswer<{ readonly kind: 'meter_date'; readonly date: LocalDate }>,
  secondOfDay: number,
): Promise<Result<Dated, Unanswered>> {
  const sinceMidnightMs = secondOfDay * secondMs
  const isFar = sinceMidnightMs > midnightMarginMs && sinceMidnightMs < 24 * hourMs - midnightMarginMs
  if (isFar) return ok({ date: first.value.date, frames: [] })
  const again = await askItem(line, meter, clockItems[meter.edition].date, 'meter_date')
  if (!again.ok) return again
  const isEvening = sinceMidnightMs > 12 * hourMs
  return ok({ date: isEvening ? first.value.date : again.value.value.date, frames: [again.value.frame] })
}

/** A sound answer that is no time tells that the clock is worth nothing; anything else tells nothing of it. */
function unread({ meterId }: SetMeter, dataIdentifier: string, unanswered: Unanswered): ClockOutcome {
  const problems = [toProblem(dataIdentifier, unanswered)]
  const { kind, frame } = unanswered
  if (kind !== 'invalid_value' || frame === null) return { values: [], problems }
  const nothing = { meterTime: null, offsetMs: null, uncertaintyMs: null, driftMsPerDay: null } as const
  const evidence = { frame, slice: null }
  const check = { kind: 'clock', meterId, checkedAt: frame.receivedAt, ...nothing, class: 'absurd', evidence } as const
  return { values: [check], problems: [] }
}
