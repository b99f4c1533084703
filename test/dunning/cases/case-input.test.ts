import t from 'tap'
import type { CaseInput } from '../../../dunning/cases/case.js'
import { inputFromHistory } from '../../../dunning/cases/case-input.js'

t.test('an input comes back from its history as it went in', async (t) => {
  const inputs: readonly CaseInput[] = [
    { kind: 'assessed', daysOverdue: 4, channels: ['sms', 'email'] },
    { kind: 'notice_accepted', step: 1, attempt: 2, at: 1_787_000_000_000 },
    { kind: 'notice_delivered', step: 1, attempt: 2 },
    { kind: 'notice_failed', step: 1, attempt: 1, reason: 'failed: no_answer' },
    { kind: 'plausibly_delivered', step: 3, attempt: 1, at: 1_787_000_000_000 },
    { kind: 'paid' },
  ]
  for (const input of inputs) {
    const { kind, ...detail } = input
    t.same(inputFromHistory(kind, JSON.parse(JSON.stringify(detail))), input)
  }
})

t.test('a row that is none of ours is refused', async (t) => {
  t.throws(() => inputFromHistory('forgiven', {}))
  t.throws(() => inputFromHistory('notice_delivered', { step: 0, attempt: 1 }))
})
