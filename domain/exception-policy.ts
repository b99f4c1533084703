import { z } from 'zod'
import { parseDecimal } from './decimal.js'
import { parseScaled } from './scaled.js'
import { present } from './result.js'

export const decisionActions = ['accept', 'correct', 'estimate', 'hold', 'field_order', 'reject', 'undo'] as const
export type DecisionAction = (typeof decisionActions)[number]

/** Why a person enters a value that the rules would hold; the list of the database (migration 0029) is the same. */
export const overrideCodes = [
  'earlier_value_wrong',
  'later_value_wrong',
  'exchange_not_recorded',
  'meter_faulty',
  'usage_confirmed',
] as const
export type OverrideCode = (typeof overrideCodes)[number]

/**
 * Policy of the exception queue as data: until when each kind of exception is to be decided, how likely it changes the bill, and above
 * which effect a second person approves. A correction takes a second person whatever is said here.
 */
export const exceptionPolicySchema = z.strictObject({
  format: z.literal('exception-policy/1'),
  version: z.string().min(1).max(40),
  /** How far back every due point and estimate is looked through again; what was recorded since the last look is found however old it is. */
  lookBackDays: z.int().min(1).max(400),
  /** Age from which a due point that nothing serves is a person's business. */
  missingAfterHours: z.int().min(1).max(2400),
  /** Longest stretch without a reading that estimates may fill. */
  longestEstimateDays: z.int().min(1).max(400),
  /** Rules whose word on an accepted reading is shown to a person, too. */
  watchedRules: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).max(50),
  /** Codes of an account's hold that a person can answer for: the quantity is known, only its look is strange. */
  releasableHolds: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).max(50),
  /** By kind; `other` for every kind that is not named. */
  kinds: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/),
      z.strictObject({
        deadlineHours: z.int().min(1).max(8760),
        /** How likely a decision changes what is billed, in thousandths. */
        changePermille: z.int().min(0).max(1000),
      }),
    )
    .refine((kinds) => 'other' in kinds, 'names no "other"'),
  /** A decision needs a second person when it exceeds any of the three; energies are sums over all it decides. */
  approvals: z
    .array(
      z.strictObject({
        action: z.enum(['accept', 'estimate', 'hold', 'field_order', 'reject']),
        kinds: z.array(z.string()).min(1).optional(),
        aboveKwh: decimalText(),
        aboveYuan: decimalText(),
        aboveItems: z.int().min(0),
      }),
    )
    .max(50),
  /** For accounts of which billing says nothing. */
  defaultPriceYuan: decimalText(),
  defaultExpectedKwh: decimalText(),
  /** A visit with its way, and a crew's day. */
  visitMinutes: z.int().min(1).max(480),
  dayMinutes: z.int().min(1).max(1440),
})

export type ExceptionPolicy = z.infer<typeof exceptionPolicySchema>
export type KindPolicy = ExceptionPolicy['kinds'][string]

export function kindPolicy(policy: ExceptionPolicy, kind: string): KindPolicy {
  return present(policy.kinds[kind] ?? policy.kinds['other'], 'policy of other kinds')
}

/** Price e8 and energy e4 that stand for an account of which billing says nothing. */
export function defaultRisk({ defaultPriceYuan, defaultExpectedKwh }: ExceptionPolicy) {
  return {
    priceE8: present(parseScaled(defaultPriceYuan, 8), 'default price'),
    expectedEnergyE4: present(parseScaled(defaultExpectedKwh, 4), 'default energy'),
  }
}

function decimalText() {
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,4})?$/)
    .refine((text) => parseDecimal(text) !== null, 'not a plain decimal')
}
