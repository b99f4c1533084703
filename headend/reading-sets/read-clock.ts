import type { ClockLimits } from '../../domain/clock-limits.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { beijing, hourMs, type Instant, type LocalDate, minuteMs, secondMs } from '../../domain/time.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import type { CollectedClockCheck, ValueFrame } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import {
  type Addressed,
  type AskAgain,
  askItem,
  type AskOptions,
  type ItemAnswer,
  joinFrames,
  type SetItemCause,
  type SetMeter,
  type Unanswered,
} from './ask-item.js'
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

/** What a meter's clock showed, and how far that was off. */
export interface MeterClock {
  /** The whole second that it showed. */
  readonly shown: Instant
  readonly offset: ClockOffset
  readonly frame: ValueFrame
}

/** The item that did not come, and why. */
export interface ClockUnread {
  readonly kind: SetItemCause
  readonly dataIdentifier: string
  readonly unanswered: Unanswered
}

export interface ClockQuestion {
  /** Of the line; null for a carrier that costs no time. */
  readonly baud: number | null
  readonly again?: AskAgain
}

/**
 * Asks a meter for its date and time and compares them with ours. Near its midnight the date is read again after the time, since the
 * two are different items.
 */
export async function readMeterClock(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: Addressed,
  { baud, ...options }: ClockQuestion,
): Promise<Result<MeterClock, ClockUnread>> {
  const items = clockItems[meter.edition]
  const unreadOf = (dataIdentifier: string, unanswered: Unanswered) =>
    err({ kind: unanswered.kind, dataIdentifier, unanswered })
  const date = await askItem(line, meter, items.date, 'meter_date', options)
  if (!date.ok) return unreadOf(items.date, date.error)
  let askedAt = clock.now()
  const timed: Dlt645Line = {
    ...line,
    exchange(request) {
      // What counts is the request that was answered, not the one before it that was not.
      askedAt = clock.now()
      return line.exchange(request)
    },
  }
  const time = await askItem(timed, meter, items.time, 'meter_time', options)
  if (!time.ok) return unreadOf(items.time, time.error)
  const { secondOfDay } = time.value.value
  const dated = await settleDate(line, meter, { first: date.value, secondOfDay, options })
  if (!dated.ok) return unreadOf(items.date, dated.error)
  const { request, response, receivedAt } = time.value.frame
  const shown = beijing.startOfDay(dated.value.date) + secondOfDay * secondMs
  const offset = clockOffset(shown, {
    askedAt,
    answeredAt: receivedAt,
    requestBytes: request?.length ?? 0,
    replyBytes: response.length,
    baud,
  })
  const frame = joinFrames([date.value.frame, time.value.frame, ...dated.value.frames])
  return ok({ shown, offset, frame })
}

/**
 * Reads a meter's clock and says what it is worth. A clock that shows no moment that exists is `absurd`, as one is that is years off.
 */
export async function readClock(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  wish: ClockWish,
): Promise<ClockOutcome> {
  const read = await readMeterClock(line, clock, meter, { baud: wish.baud })
  if (!read.ok) return unread(meter, read.error)
  return { values: [toCheck(meter, read.value, wish)], problems: [] }
}

function toCheck(
  { meterId }: SetMeter,
  { shown: meterTime, offset, frame }: MeterClock,
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
  meter: Addressed,
  {
    first,
    secondOfDay,
    options,
  }: {
    readonly first: ItemAnswer<{ readonly kind: 'meter_date'; readonly date: LocalDate }>
    readonly secondOfDay: number
    readonly options: AskOptions
  },
): Promise<Result<Dated, Unanswered>> {
  const sinceMidnightMs = secondOfDay * secondMs
  const isFar = sinceMidnightMs > midnightMarginMs && sinceMidnightMs < 24 * hourMs - midnightMarginMs
  if (isFar) return ok({ date: first.value.date, frames: [] })
  const again = await askItem(line, meter, clockItems[meter.edition].date, 'meter_date', options)
  if (!again.ok) return again
  const isEvening = sinceMidnightMs > 12 * hourMs
  return ok({ date: isEvening ? first.value.date : again.value.value.date, frames: [again.value.frame] })
}

/** A sound answer that is no time tells that the clock is worth nothing; anything else tells nothing of it. */
function unread({ meterId }: SetMeter, { dataIdentifier, unanswered }: ClockUnread): ClockOutcome {
  const problems = [toProblem(dataIdentifier, unanswered)]
  const { kind, frame } = unanswered
  if (kind !== 'invalid_value' || frame === null) return { values: [], problems }
  const nothing = { meterTime: null, offsetMs: null, uncertaintyMs: null, driftMsPerDay: null } as const
  const evidence = { frame, slice: null }
  const check = { kind: 'clock', meterId, checkedAt: frame.receivedAt, ...nothing, class: 'absurd', evidence } as const
  return { values: [check], problems: [] }
}
