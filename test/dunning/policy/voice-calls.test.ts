import t from 'tap'
import { policySchema } from '../../../dunning/policy/policy.js'
import { callAllowed } from '../../../dunning/policy/voice-calls.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'

const policy = policySchema.parse(readStandardPolicy())

t.test('an account is called once a day and three times in seven days', async (t) => {
  const cases: readonly (readonly [string, readonly string[], boolean])[] = [
    ['never called', [], true],
    ['called today', ['2026-08-20'], false],
    ['a call planned for tomorrow', ['2026-08-21'], false],
    ['called yesterday', ['2026-08-19'], true],
    ['called on three of the last seven days', ['2026-08-14', '2026-08-16', '2026-08-18'], false],
    ['the first of three was eight days ago', ['2026-08-13', '2026-08-16', '2026-08-18'], true],
  ]
  for (const [title, days, allowed] of cases) t.equal(callAllowed(policy, days, '2026-08-20'), allowed, title)
})
