import type { MessageChannelName } from '../../domain/channel.js'
import { unreachable } from '../../domain/result.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { DunningPolicy } from '../policy/policy.js'

/** Counts of a case: the step it is at (1-based), the delivery tried at that step (1-based), effective notices so far. */
export interface CaseProgress {
  readonly step: number
  readonly attempt: number
  readonly effective: number
}

export type CaseState =
  | ({ readonly kind: 'waiting' } & CaseProgress)
  | ({ readonly kind: 'queued' } & CaseProgress)
  | ({ readonly kind: 'accepted'; readonly acceptedAt: Instant } & CaseProgress)
  | ({ readonly kind: 'manual' } & CaseProgress)
  | ({ readonly kind: 'closed_paid' } & CaseProgress)

interface OfNotice {
  readonly step: number
  readonly attempt: number
}

export type CaseInput =
  /** A daily look at a debt still owed. `channels`: where the account may be addressed today, consent and caps considered. */
  | { readonly kind: 'assessed'; readonly daysOverdue: number; readonly channels: readonly MessageChannelName[] }
  | ({ readonly kind: 'notice_accepted'; readonly at: Instant } & OfNotice)
  | ({ readonly kind: 'notice_delivered' } & OfNotice)
  /** Refused, undeliverable, or kept from leaving: the customer did not get it. */
  | ({ readonly kind: 'notice_failed'; readonly reason: string } & OfNotice)
  /** Nothing was heard of an accepted notice up to `at`. */
  | ({ readonly kind: 'plausibly_delivered'; readonly at: Instant } & OfNotice)
  | { readonly kind: 'paid' }

export type CaseEffect =
  | ({ readonly kind: 'queue_notice'; readonly channel: MessageChannelName; readonly template: string } & OfNotice)
  /** Keeps a notice that has not left from leaving. */
  | ({ readonly kind: 'cancel_notice' } & OfNotice)
  | { readonly kind: 'open_manual_task' }
  | { readonly kind: 'settle_manual_task' }

export interface Transition {
  readonly state: CaseState
  readonly effects: readonly CaseEffect[]
}

export const openedCase: CaseState = { kind: 'waiting', step: 1, attempt: 1, effective: 0 }

/**
 * The collection of one overdue open item.
 *
 * | state       | entered                                             | left                                                      |
 * | ----------- | --------------------------------------------------- | --------------------------------------------------------- |
 * | waiting     | at opening; when a notice took effect or failed     | assessed on the step's day -> queued; with enough         |
 * |             |                                                     | effective notices on the person's day -> manual; paid     |
 * | queued      | assessed: a notice lies in the outbox               | accepted; delivered or failed -> waiting; paid            |
 * | accepted    | a provider took the notice                          | delivered, failed, plausibly delivered -> waiting; paid   |
 * | manual      | assessed with enough effective notices              | paid                                                      |
 * | closed_paid | paid, from anywhere                                 | never                                                     |
 *
 * A failed delivery does not burn the step: it is tried again, on the next channel, up to the policy's attempts. A step whose
 * attempts are used up counts for nothing; a case past its last step waits for the person's day or for payment.
 * An input that does not fit the state, such as a receipt for an earlier attempt, changes nothing: the same state comes back.
 */
export function advanceCase(policy: DunningPolicy, state: CaseState, input: CaseInput): Transition {
  if (state.kind === 'closed_paid') return unchanged(state)
  switch (input.kind) {
    case 'paid':
      return closePaid(state)
    case 'assessed':
      return state.kind === 'waiting' ? assess(policy, state, input) : unchanged(state)
    case 'notice_accepted':
    case 'notice_delivered':
    case 'notice_failed':
    case 'plausibly_delivered':
      return concernsNoticeUnderWay(state, input) ? hearOfNotice(policy, state, input) : unchanged(state)
    default:
      return unreachable(input)
  }
}

type NoticeInput = Extract<CaseInput, OfNotice>
type UnderWay = Extract<CaseState, { readonly kind: 'queued' | 'accepted' }>
type Waiting = Extract<CaseState, { readonly kind: 'waiting' }>

function concernsNoticeUnderWay(state: CaseState, input: NoticeInput): state is UnderWay {
  return (
    (state.kind === 'queued' || state.kind === 'accepted') &&
    state.step === input.step &&
    state.attempt === input.attempt
  )
}

function unchanged(state: CaseState): Transition {
  return { state, effects: [] }
}

function progressOf({ step, attempt, effective }: CaseState): CaseProgress {
  return { step, attempt, effective }
}

function closePaid(state: CaseState): Transition {
  const { step, attempt } = state
  const closed: CaseState = { ...progressOf(state), kind: 'closed_paid' }
  if (state.kind === 'queued') return { state: closed, effects: [{ kind: 'cancel_notice', step, attempt }] }
  return { state: closed, effects: state.kind === 'manual' ? [{ kind: 'settle_manual_task' }] : [] }
}

function assess(policy: DunningPolicy, state: Waiting, input: Extract<CaseInput, { kind: 'assessed' }>): Transition {
  const { manual } = policy
  if (input.daysOverdue >= manual.offsetDays && state.effective >= manual.effectiveNotices)
    return { state: { ...progressOf(state), kind: 'manual' }, effects: [{ kind: 'open_manual_task' }] }
  const step = policy.steps[state.step - 1]
  if (step === undefined || input.daysOverdue < step.offsetDays) return unchanged(state)
  const usable = step.channels.filter((channel) => input.channels.includes(channel))
  const channel = usable[(state.attempt - 1) % usable.length]
  if (channel === undefined) return unchanged(state)
  const notice = { step: state.step, attempt: state.attempt, channel, template: step.template }
  return { state: { ...progressOf(state), kind: 'queued' }, effects: [{ kind: 'queue_notice', ...notice }] }
}

function hearOfNotice(policy: DunningPolicy, state: UnderWay, input: NoticeInput): Transition {
  switch (input.kind) {
    case 'notice_accepted':
      return state.kind === 'queued'
        ? { state: { ...progressOf(state), kind: 'accepted', acceptedAt: input.at }, effects: [] }
        : unchanged(state)
    case 'notice_delivered':
      return noticeTookEffect(state)
    case 'notice_failed':
      return noticeFailed(policy, state)
    case 'plausibly_delivered':
      return state.kind === 'accepted' && input.at - state.acceptedAt >= policy.plausibleDeliveryHours * hourMs
        ? noticeTookEffect(state)
        : unchanged(state)
    default:
      return unreachable(input)
  }
}

function noticeTookEffect({ step, effective }: UnderWay): Transition {
  return { state: { kind: 'waiting', step: step + 1, attempt: 1, effective: effective + 1 }, effects: [] }
}

function noticeFailed(policy: DunningPolicy, { step, attempt, effective }: UnderWay): Transition {
  const next =
    attempt < policy.attemptsPerStep
      ? { step, attempt: attempt + 1, effective }
      : { step: step + 1, attempt: 1, effective }
  return { state: { kind: 'waiting', ...next }, effects: [] }
}

/** The state after a history of inputs, oldest first. */
export function caseAfter(policy: DunningPolicy, inputs: readonly CaseInput[]): CaseState {
  return inputs.reduce((state, input) => advanceCase(policy, state, input).state, openedCase)
}
