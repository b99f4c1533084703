import t from 'tap'
import { decideSend, type SendDecision, type SendFacts } from '../../../dunning/notices/decide-send.js'
import { policySchema } from '../../../dunning/policy/policy.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'
import { beijing, hourMs } from '../../../domain/time.js'

const policy = policySchema.parse(readStandardPolicy())
const morning = Date.parse('2026-08-19T09:30:00+08:00')
const night = Date.parse('2026-08-19T21:00:00+08:00')
const facts: SendFacts = {
  channel: 'voice',
  expiresAt: morning + 36 * hourMs,
  noticeFen: 8_050n,
  openFen: 8_050n,
  addressable: true,
  callDays: [],
}

t.test('a notice leaves only when everything still holds', async (t) => {
  const cases: readonly (readonly [string, number, Partial<SendFacts>, SendDecision])[] = [
    ['all is as it was', morning, {}, { kind: 'send' }],
    ['paid', morning, { openFen: 0n }, { kind: 'paid' }],
    [
      'paid, and everything else wrong too',
      night,
      { openFen: -1n, expiresAt: 0, addressable: false },
      { kind: 'paid' },
    ],
    ['partly paid', morning, { openFen: 50n }, { kind: 'withheld', reason: 'amount_changed' }],
    ['at the end of its validity', morning, { expiresAt: morning }, { kind: 'expired' }],
    ['consent withdrawn', morning, { addressable: false }, { kind: 'withheld', reason: 'not_addressable' }],
    ['quiet hours', night, {}, { kind: 'not_now' }],
    ['called today already', morning, { callDays: ['2026-08-19'] }, { kind: 'not_now' }],
    ['a text message on a day with a call', morning, { channel: 'sms', callDays: ['2026-08-19'] }, { kind: 'send' }],
  ]
  for (const [title, now, change, decision] of cases)
    t.same(decideSend(policy, beijing, now, { ...facts, ...change }), decision, title)
})
