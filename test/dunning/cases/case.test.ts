import fc from 'fast-check'
import t from 'tap'
import {
  advanceCase,
  type CaseEffect,
  type CaseInput,
  type CaseState,
  openedCase,
} from '../../../dunning/cases/case.js'
import { policySchema } from '../../../dunning/policy/policy.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'
import { messageChannels } from '../../../domain/channel.js'
import { unreachable } from '../../../domain/result.js'
import { hourMs } from '../../../domain/time.js'

const policy = policySchema.parse(readStandardPolicy())
const everyChannel = [...messageChannels]

const waiting = (step: number, attempt: number, effective: number): CaseState => ({
  kind: 'waiting',
  step,
  attempt,
  effective,
})
const queued = (step: number, attempt: number, effective: number): CaseState => ({
  kind: 'queued',
  step,
  attempt,
  effective,
})
const accepted = (step: number, attempt: number, effective: number): CaseState => ({
  kind: 'accepted',
  step,
  attempt,
  effective,
  acceptedAt: 0,
})
const manual: CaseState = { kind: 'manual', step: 4, attempt: 1, effective: 3 }
const closed: CaseState = { kind: 'closed_paid', step: 2, attempt: 1, effective: 1 }
const assessed = (daysOverdue: number, channels = everyChannel): CaseInput => ({
  kind: 'assessed',
  daysOverdue,
  channels,
})
const failed = (step: number, attempt: number): CaseInput => ({
  kind: 'notice_failed',
  step,
  attempt,
  reason: 'no_answer',
})

t.test('a case moves by the table of its states', async (t) => {
  const cases: readonly (readonly [string, CaseState, CaseInput, CaseState, readonly string[]])[] = [
    ['day 0 sends nothing', openedCase, assessed(0), openedCase, []],
    ['day 1 queues the first notice', openedCase, assessed(1), queued(1, 1, 0), ['queue_notice']],
    ['the second step waits for its day', waiting(2, 1, 1), assessed(3), waiting(2, 1, 1), []],
    ['nobody to address, nothing queued', openedCase, assessed(5, []), openedCase, []],
    ['one notice at a time', queued(1, 1, 0), assessed(9), queued(1, 1, 0), []],
    [
      'a provider takes it',
      queued(1, 1, 0),
      { kind: 'notice_accepted', step: 1, attempt: 1, at: 0 },
      accepted(1, 1, 0),
      [],
    ],
    [
      'a receipt makes it effective',
      accepted(1, 1, 0),
      { kind: 'notice_delivered', step: 1, attempt: 1 },
      waiting(2, 1, 1),
      [],
    ],
    ['a failure keeps the step', accepted(1, 1, 0), failed(1, 1), waiting(1, 2, 0), []],
    ['the last failure gives the step up', accepted(2, 3, 1), failed(2, 3), waiting(3, 1, 1), []],
    ['a receipt for an earlier attempt changes nothing', accepted(1, 2, 0), failed(1, 1), accepted(1, 2, 0), []],
    [
      'silence for less than a day says nothing',
      accepted(1, 1, 0),
      { kind: 'plausibly_delivered', step: 1, attempt: 1, at: 24 * hourMs - 1 },
      accepted(1, 1, 0),
      [],
    ],
    [
      'silence for a day is delivery',
      accepted(1, 1, 0),
      { kind: 'plausibly_delivered', step: 1, attempt: 1, at: 24 * hourMs },
      waiting(2, 1, 1),
      [],
    ],
    ['three effective notices, but not the day yet', waiting(4, 1, 3), assessed(9), waiting(4, 1, 3), []],
    ['three effective notices bring a person', waiting(4, 1, 3), assessed(10), manual, ['open_manual_task']],
    ['two never do', waiting(4, 1, 2), assessed(99), waiting(4, 1, 2), []],
    ['payment stops what has not left', queued(2, 1, 1), { kind: 'paid' }, closed, ['cancel_notice']],
    ['payment settles the task', manual, { kind: 'paid' }, { ...manual, kind: 'closed_paid' }, ['settle_manual_task']],
    ['nothing follows payment', closed, assessed(30), closed, []],
  ]
  for (const [title, state, input, next, effects] of cases) {
    const transition = advanceCase(policy, state, input)
    t.same(transition.state, next, title)
    t.same(
      transition.effects.map(({ kind }) => kind),
      effects,
      title,
    )
  }
})

t.test('a failed delivery goes on to the next channel that can be used', async (t) => {
  const cases: readonly (readonly [CaseState, readonly (typeof everyChannel)[number][], string])[] = [
    [waiting(1, 1, 0), everyChannel, 'sms'],
    [waiting(1, 2, 0), everyChannel, 'voice'],
    [waiting(1, 3, 0), everyChannel, 'email'],
    [waiting(1, 2, 0), ['sms', 'email'], 'email'],
    [waiting(1, 3, 0), ['sms', 'email'], 'sms'],
    [waiting(1, 3, 0), ['email'], 'email'],
    [waiting(2, 1, 1), everyChannel, 'voice'],
  ]
  for (const [state, channels, expected] of cases) {
    const [effect] = advanceCase(policy, state, assessed(9, [...channels])).effects
    t.match(effect, { kind: 'queue_notice', channel: expected })
  }
})

const step = fc.integer({ min: 1, max: 4 })
const attempt = fc.integer({ min: 1, max: 4 })
const at = fc.integer({ min: 0, max: 40 }).map((hours) => hours * hourMs)
const anyInput: fc.Arbitrary<CaseInput> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('assessed' as const),
      daysOverdue: fc.integer({ min: -2, max: 15 }),
      channels: fc.subarray(everyChannel),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('notice_accepted' as const), step, attempt, at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('notice_delivered' as const), step, attempt }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('notice_failed' as const), step, attempt, reason: fc.constant('') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('plausibly_delivered' as const), step, attempt, at }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'paid' as const }) },
)

/** Inputs that always fit the notice under way, so that long stories happen; drawn beside arbitrary ones. */
type Move = { readonly fitting: CaseInput['kind'] } | { readonly input: CaseInput }
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<CaseInput['kind'][]>(
        'assessed',
        'notice_accepted',
        'notice_delivered',
        'notice_failed',
        'plausibly_delivered',
      )
      .map((fitting) => ({ fitting })),
  },
  { weight: 1, arbitrary: anyInput.map((input) => ({ input })) },
)

function inputOf(move: Move, state: CaseState): CaseInput {
  if ('input' in move) return move.input
  const notice = { step: state.step, attempt: state.attempt }
  switch (move.fitting) {
    case 'assessed':
      return assessed(12)
    case 'notice_accepted':
      return { kind: move.fitting, ...notice, at: 0 }
    case 'notice_delivered':
      return { kind: move.fitting, ...notice }
    case 'notice_failed':
      return { kind: move.fitting, ...notice, reason: '' }
    case 'plausibly_delivered':
      return { kind: move.fitting, ...notice, at: 48 * hourMs }
    case 'paid':
      return { kind: 'paid' }
    default:
      return unreachable(move.fitting)
  }
}

interface Told {
  readonly inputs: readonly CaseInput[]
  readonly effects: readonly CaseEffect[]
  readonly states: readonly CaseState[]
}

function tell(moves: readonly Move[]): Told {
  const inputs: CaseInput[] = []
  const effects: CaseEffect[] = []
  const states: CaseState[] = [openedCase]
  for (const move of moves) {
    const input = inputOf(move, states.at(-1)!)
    const next = advanceCase(policy, states.at(-1)!, input)
    inputs.push(input)
    effects.push(...next.effects)
    states.push(next.state)
  }
  return { inputs, effects, states }
}

const settings = { seed: 20260718, numRuns: 3000 }
const stories = fc.array(anyMove, { maxLength: 40, size: 'max' })
let personsReached = 0

t.test('whatever happens, a person comes only after three effective notices', async (t) => {
  fc.assert(
    fc.property(stories, (moves) => {
      const { inputs, effects, states } = tell(moves)
      const persons = effects.filter(({ kind }) => kind === 'open_manual_task').length
      personsReached += persons
      const took = inputs.filter(
        ({ kind }, index) => /delivered/.test(kind) && states[index] !== states[index + 1],
      ).length
      return persons <= 1 && (persons === 0 || took >= 3)
    }),
    settings,
  )
  t.ok(personsReached > 100, `${personsReached} of the stories reach a person`)
})

t.test('whatever happens, nothing is asked for after payment', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(stories, stories, (before, after) => {
          const paid = tell([...before, { input: { kind: 'paid' } }])
          const all = tell([...before, { input: { kind: 'paid' } }, ...after])
          return all.effects.length === paid.effects.length && all.states.at(-1)?.kind === 'closed_paid'
        }),
        settings,
      ),
    'no effect after payment',
  )
})

t.test('whatever happens, no notice is queued twice and no effective step again', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(stories, (moves) => {
          const { effects, states } = tell(moves)
          const notices = effects.flatMap((effect) => (effect.kind === 'queue_notice' ? [effect] : []))
          const keys = notices.map((notice) => `${notice.step}/${notice.attempt}`)
          const inOrder = notices.every((notice, index) => index === 0 || notice.step >= notices[index - 1]!.step)
          const bounded = notices.every(
            (notice) => notice.attempt <= policy.attemptsPerStep && notice.step <= policy.steps.length,
          )
          return (
            new Set(keys).size === keys.length &&
            inOrder &&
            bounded &&
            states.every(({ effective, step: reached }) => effective < reached)
          )
        }),
        settings,
      ),
    'keys are distinct',
  )
})

t.test('a failed delivery does not burn the step', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(stories, (moves) => {
          const { inputs, states } = tell(moves)
          return inputs.every((input, index) => {
            const [before, after] = [states[index]!, states[index + 1]!]
            if (input.kind !== 'notice_failed' || before === after) return true
            return before.attempt < policy.attemptsPerStep
              ? after.step === before.step
              : after.effective === before.effective
          })
        }),
        settings,
      ),
    'the step stays',
  )
})
