import { noticeTemplates } from '../notices/templates.js'
import type { DunningPolicy } from './policy.js'
import { minuteOf } from './time-of-day.js'

/** Bounds that no policy may leave: law, guidance for collection calls, and the promise that defines the product. */
export const legalFrame = {
  earliestSend: '08:00',
  latestSend: '21:00',
  firstOffsetDays: 1,
  voiceCallsPerDay: 1,
  voiceCallsPerWeek: 3,
  plausibleDeliveryHours: 24,
  messageValidityHours: 72,
  effectiveNotices: 3,
} as const

export const policyViolationKinds = [
  'sends_before_overdue',
  'steps_out_of_order',
  'repeated_channel',
  'unknown_template',
  'sends_in_quiet_hours',
  'no_sending_hours',
  'too_many_calls',
  'delivery_assumed_too_early',
  'valid_too_long',
  'too_few_notices_before_person',
  'person_never_reached',
  'person_before_last_notice',
] as const
export type PolicyViolationKind = (typeof policyViolationKinds)[number]

export interface PolicyViolation {
  readonly kind: PolicyViolationKind
  /** Which value breaks which bound, for the author of the policy. */
  readonly reason: string
}

type Rule = (policy: DunningPolicy) => readonly PolicyViolation[]

/** Every way in which a policy leaves the legal frame; empty for a lawful one. */
export function checkPolicy(policy: DunningPolicy): readonly PolicyViolation[] {
  return rules.flatMap((rule) => rule(policy))
}

const rules: readonly Rule[] = [
  stepsAfterDueDate,
  stepsInOrder,
  distinctChannels,
  knownTemplates,
  daytimeOnly,
  fewCalls,
  patience,
  personLast,
]

function when(broken: boolean, kind: PolicyViolationKind, reason: string): readonly PolicyViolation[] {
  return broken ? [{ kind, reason }] : []
}

function stepsAfterDueDate({ steps }: DunningPolicy): readonly PolicyViolation[] {
  return steps.flatMap(({ offsetDays }, index) =>
    when(
      offsetDays < legalFrame.firstOffsetDays,
      'sends_before_overdue',
      `step ${index + 1} would leave ${offsetDays} days after the due date; a debt is overdue from day ${legalFrame.firstOffsetDays}`,
    ),
  )
}

function stepsInOrder({ steps }: DunningPolicy): readonly PolicyViolation[] {
  return steps.flatMap(({ offsetDays }, index) => {
    const before = steps[index - 1]
    return when(
      before !== undefined && offsetDays <= before.offsetDays,
      'steps_out_of_order',
      `step ${index + 1} on day ${offsetDays} does not come after step ${index}`,
    )
  })
}

function distinctChannels({ steps }: DunningPolicy): readonly PolicyViolation[] {
  return steps.flatMap(({ channels }, index) =>
    when(new Set(channels).size < channels.length, 'repeated_channel', `step ${index + 1} names a channel twice`),
  )
}

function knownTemplates({ steps }: DunningPolicy): readonly PolicyViolation[] {
  return steps.flatMap(({ template }, index) =>
    when(
      !Object.hasOwn(noticeTemplates, template),
      'unknown_template',
      `step ${index + 1} names template ${template}, which does not exist`,
    ),
  )
}

function daytimeOnly({ sendingHours: { from, to } }: DunningPolicy): readonly PolicyViolation[] {
  const { earliestSend, latestSend } = legalFrame
  return [
    ...when(
      minuteOf(from) < minuteOf(earliestSend) || minuteOf(to) > minuteOf(latestSend),
      'sends_in_quiet_hours',
      `sending hours ${from}-${to} leave ${earliestSend}-${latestSend}`,
    ),
    ...when(minuteOf(from) >= minuteOf(to), 'no_sending_hours', `sending hours ${from}-${to} are empty`),
  ]
}

function fewCalls({ voiceCalls: { perDay, perWeek } }: DunningPolicy): readonly PolicyViolation[] {
  const { voiceCallsPerDay, voiceCallsPerWeek } = legalFrame
  return when(
    perDay > voiceCallsPerDay || perWeek > voiceCallsPerWeek,
    'too_many_calls',
    `${perDay} calls a day and ${perWeek} a week; allowed are ${voiceCallsPerDay} and ${voiceCallsPerWeek}`,
  )
}

function patience(policy: DunningPolicy): readonly PolicyViolation[] {
  const { plausibleDeliveryHours, messageValidityHours } = legalFrame
  return [
    ...when(
      policy.plausibleDeliveryHours < plausibleDeliveryHours,
      'delivery_assumed_too_early',
      `delivery is assumed after ${policy.plausibleDeliveryHours} h; failures come in for ${plausibleDeliveryHours} h`,
    ),
    ...when(
      policy.messageValidityHours > messageValidityHours,
      'valid_too_long',
      `a notice would still leave after ${policy.messageValidityHours} h; its amount is trusted for ${messageValidityHours} h`,
    ),
  ]
}

function personLast({ manual, steps }: DunningPolicy): readonly PolicyViolation[] {
  const last = steps[manual.effectiveNotices - 1]
  return [
    ...when(
      manual.effectiveNotices < legalFrame.effectiveNotices,
      'too_few_notices_before_person',
      `a person after ${manual.effectiveNotices} effective notices; at least ${legalFrame.effectiveNotices} come first`,
    ),
    ...when(
      manual.effectiveNotices > steps.length,
      'person_never_reached',
      `${steps.length} steps never give ${manual.effectiveNotices} effective notices`,
    ),
    ...when(
      last !== undefined && manual.offsetDays <= last.offsetDays,
      'person_before_last_notice',
      `a person on day ${manual.offsetDays}, while notice ${manual.effectiveNotices} leaves on day ${last?.offsetDays ?? 0}`,
    ),
  ]
}
