import t from 'tap'
import { policySchema } from '../../../dunning/policy/policy.js'
import { earliestSend } from '../../../dunning/policy/sending-hours.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'
import { beijing } from '../../../domain/time.js'

const policy = policySchema.parse(readStandardPolicy())

t.test('a notice leaves between 08:00 and 21:00 local time, and waits otherwise', async (t) => {
  const cases = [
    ['2026-08-19T00:00:00+08:00', '2026-08-19T08:00:00+08:00'],
    ['2026-08-19T07:59:59.999+08:00', '2026-08-19T08:00:00+08:00'],
    ['2026-08-19T08:00:00+08:00', '2026-08-19T08:00:00+08:00'],
    ['2026-08-19T09:30:12+08:00', '2026-08-19T09:30:12+08:00'],
    ['2026-08-19T20:59:59.999+08:00', '2026-08-19T20:59:59.999+08:00'],
    ['2026-08-19T21:00:00+08:00', '2026-08-20T08:00:00+08:00'],
    ['2026-12-31T23:59:59+08:00', '2027-01-01T08:00:00+08:00'],
  ] as const
  for (const [at, leaves] of cases) t.equal(earliestSend(policy, beijing, Date.parse(at)), Date.parse(leaves), at)
})
