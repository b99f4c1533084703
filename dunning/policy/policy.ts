import { createHash } from 'node:crypto'
import { z } from 'zod'
import { messageChannels } from '../../domain/channel.js'

const maximumSteps = 12
const maximumAttempts = 5

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM')
const days = z.int().min(-366).max(366)

const step = z.strictObject({
  /** Days after the due date on which the step's first notice may leave. */
  offsetDays: days,
  /** In order of preference; a failed delivery goes on to the next one at which the account can be addressed. */
  channels: z.array(z.enum(messageChannels)).min(1),
  template: z.string().min(1),
})

/** How a debt is asked for, as data. Everything is in the account's local days and times. */
export const policySchema = z.strictObject({
  code: z.string().min(1),
  version: z.int().min(1),
  steps: z.array(step).min(1).max(maximumSteps),
  /** Notices leave from `from` up to, not including, `to`; the rest of the day is quiet. */
  sendingHours: z.strictObject({ from: timeOfDay, to: timeOfDay }),
  /** Calls to one account, answered or not. A week is seven local days, today included. */
  voiceCalls: z.strictObject({ perDay: z.int().min(0), perWeek: z.int().min(0) }),
  /** Deliveries tried per step; after that the step is given up and counts for nothing. */
  attemptsPerStep: z.int().min(1).max(maximumAttempts),
  /** An accepted notice without a word of failure for this long counts as delivered. */
  plausibleDeliveryHours: z.int().min(1),
  /** A notice not sent this long after it could first leave is dropped. */
  messageValidityHours: z.int().min(1),
  manual: z.strictObject({ offsetDays: days, effectiveNotices: z.int().min(0) }),
})
export type DunningPolicy = z.infer<typeof policySchema>

/** SHA-256 of the parsed document, whose keys the schema has put in order. */
export function policyDigest(policy: DunningPolicy): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(policySchema.parse(policy)))
    .digest()
}
