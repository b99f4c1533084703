import * as z from 'zod'
import { dayMs, minuteMs, secondMs } from './time.js'

/** What a meter's clock is worth: `absurd` clocks date nothing, and what they dated is set aside. */
export const clockClasses = ['ok', 'drifting', 'out_of_limit', 'absurd'] as const
export type ClockClass = (typeof clockClasses)[number]

/** Limits of a meter's clock as versioned data; each is exclusive, in milliseconds. */
export const clockLimitsSchema = z
  .strictObject({
    /** Up to here the clock is right. */
    okMs: z.int().positive(),
    /** Beyond it the clock needs a correction that a broadcast does not give. */
    outOfLimitMs: z.int().positive(),
    /** Beyond it the clock says nothing at all. */
    absurdMs: z.int().positive(),
    /** A clock that gains or loses more than this in a day drifts, however little it is off today. */
    driftMsPerDay: z.int().positive(),
    /** Two checks closer to each other tell no drift: their uncertainty would drown it. */
    leastDriftSpanMs: z.int().positive(),
  })
  .refine(({ okMs, outOfLimitMs, absurdMs }) => okMs < outOfLimitMs && outOfLimitMs < absurdMs, {
    error: 'okMs, outOfLimitMs and absurdMs must rise',
  })
export type ClockLimits = z.infer<typeof clockLimitsSchema>

/** Five minutes are what meters take from a broadcast (DL/T 645, 08H); a day's gain beyond half a second is out of class. */
export const usualClockLimits: ClockLimits = {
  okMs: 10 * secondMs,
  outOfLimitMs: 5 * minuteMs,
  absurdMs: dayMs,
  driftMsPerDay: secondMs,
  leastDriftSpanMs: dayMs / 2,
}
