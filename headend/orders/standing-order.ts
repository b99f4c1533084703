import { createHash } from 'node:crypto'
import { z } from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import { isLocalDate, secondMs } from '../../domain/time.js'

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM')
const day = z.string().refine(isLocalDate, 'a day is YYYY-MM-DD')

/** Meters ignore a broadcast that would move their clock further. */
const mostStepOfMeters = 300
const halfHours = Array.from(
  { length: 48 },
  (_, half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`,
)

/** Broadcast time as a document: what a line may be told without an order for each day. Times and days are the line's local ones. */
export const standingOrderSchema = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and hyphens'),
  version: z.int().min(1),
  kind: z.literal('broadcast_time'),
  /** False ends the standing order: a later version holds as soon as it is approved. */
  enabled: z.boolean().default(true),
  /** First day on which it is valid, and the first on which it is no longer. */
  validFrom: day,
  validTo: day,
  /** Codes of lines, or `all`. */
  lines: z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]).default('all'),
  /** A line on which a meter may be further off is left alone: that meter needs an order of its own first. */
  mostStepSeconds: z.int().min(1).max(mostStepOfMeters).default(240),
  /** Nothing is sent unless a meter of the line was asked for its time within so many hours. */
  checkedWithinHours: z
    .int()
    .min(1)
    .max(24 * 31)
    .default(48),
  /** From `from` up to, not including, `to`. */
  hours: z.strictObject({ from: timeOfDay, to: timeOfDay }).default({ from: '02:00', to: '05:00' }),
  /** Minutes to keep away from midnight, from settlement moments and from where a tariff slot begins. */
  clearOf: z
    .strictObject({
      midnightMinutes: z.int().min(1).max(180).default(30),
      settlementMinutes: z.int().min(1).max(180).default(30),
      slotMinutes: z.int().min(1).max(29).default(6),
    })
    .default({ midnightMinutes: 30, settlementMinutes: 30, slotMinutes: 6 }),
  /** Day of the month and hour, DDhh, as meters have them (04000B01). */
  settlements: z
    .array(z.string().regex(/^(0[1-9]|1\d|2[0-8])([01]\d|2[0-3])$/, 'DDhh, day 01 to 28'))
    .default(['0100']),
  /** Where a slot of any tariff may begin; every half hour when nothing is said. */
  slotBorders: z.array(timeOfDay).default(halfHours),
})
export type StandingOrder = z.output<typeof standingOrderSchema>

export type StandingOrderError =
  | { readonly kind: 'standing_order_malformed'; readonly path: string; readonly message: string }
  /** A step could carry a clock across a border that it was to keep away from. */
  | { readonly kind: 'margin_below_step'; readonly path: string; readonly message: string }

/** Reads a document and fills in the defaults. */
export function parseStandingOrder(document: unknown): Result<StandingOrder, StandingOrderError> {
  const parsed = standingOrderSchema.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = issue?.path.join('.') || '(top level)'
    return err({ kind: 'standing_order_malformed', path, message: issue?.message ?? 'invalid' })
  }
  const { validFrom, validTo, hours } = parsed.data
  if (validFrom >= validTo) return malformed('validTo', 'ends before it begins')
  if (hours.from >= hours.to) return malformed('hours', 'end before they begin')
  const narrow = narrowMargin(parsed.data)
  return narrow === null ? ok(parsed.data) : err(narrow)
}

function malformed(path: string, message: string): Result<StandingOrder, StandingOrderError> {
  return err({ kind: 'standing_order_malformed', path, message })
}

function narrowMargin({ clearOf, mostStepSeconds }: StandingOrder): StandingOrderError | null {
  const narrow = Object.entries(clearOf).find(([, minutes]) => minutes * 60 < mostStepSeconds)
  if (narrow === undefined) return null
  const message = `must be at least the step of ${mostStepSeconds} s`
  return { kind: 'margin_below_step', path: `clearOf.${narrow[0]}`, message }
}

/** SHA-256 of the document with its defaults; approvals name it. */
export function standingOrderDigest(order: StandingOrder): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(standingOrderSchema.parse(order)))
    .digest()
}

/** The largest step a broadcast may make. */
export function mostStepMs({ mostStepSeconds }: StandingOrder): number {
  return mostStepSeconds * secondMs
}
