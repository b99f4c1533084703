import t from 'tap'
import { localInstants } from '../../../console/cli/local-instants.js'
import { beijing } from '../../../domain/time.js'

t.test('instants in a stored text are told in local time, everything else stays', (t) => {
  const cases: readonly [text: string, told: string][] = [
    ['no reading for 2026-07-31T16:00:00.000Z', 'no reading for 2026-08-01 00:00'],
    ['between 2026-06-30T16:00:00Z and 2026-07-16T02:00:00.000Z', 'between 2026-07-01 00:00 and 2026-07-16 10:00'],
    ['register 1 fell on 2026-07-01', 'register 1 fell on 2026-07-01'],
    ['', ''],
  ]
  for (const [text, told] of cases) t.equal(localInstants(text, beijing), told, text)
  t.end()
})
