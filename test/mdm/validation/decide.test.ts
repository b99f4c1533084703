import t from 'tap'
import fc from 'fast-check'
import { dayMs } from '../../../domain/time.js'
import { decideChain } from '../../../mdm/validation/decide.js'
import type { ClaimedKey } from '../../../mdm/validation/decide-group.js'
import type { Claim } from '../../../mdm/validation/rule.js'
import { claim, meter, policy, set } from '../support/candidates.js'

t.test('a held value is not what later ones are compared with', (t) => {
  const key = (day: number, ...values: readonly number[]): ClaimedKey => ({
    readAt: day * dayMs,
    claims: values.map((value) => claim(set(value))),
    dueAt: null,
  })
  const decisions = decideChain(
    meter,
    [key(1, 100), key(2, 99_999_99), key(3, 50), key(4, 120), key(5, 130, 131)],
    null,
    policy,
  )
  t.same(
    decisions.map(({ verdict, rules }) => [verdict, ...rules]),
    [['accepted'], ['held', 'spike', 'near_absolute'], ['held', 'decrease'], ['accepted'], ['held', 'disputed']],
  )
  t.end()
})

t.test('an imported value that says nothing else than a more trusted one is no dispute; another one is', (t) => {
  const whole = set(130, 80, 50)
  const rows = [
    ['the total alone', [claim(whole), claim(set(130), 'imported')], 'accepted scheduled'],
    ['another total', [claim(whole), claim(set(131), 'imported')], 'held'],
    ['another tariff', [claim(whole), claim(set(130, 81, 49), 'imported')], 'held'],
    ['more than the meter sent', [claim(set(130)), claim(whole, 'imported')], 'held'],
    ['two files', [claim(set(130), 'imported'), claim(whole, 'imported')], 'accepted imported'],
    ['two totals by wire', [claim(whole), claim(set(130), 'backfill')], 'held'],
  ] as const
  for (const [title, claims, expected] of rows)
    for (const order of [claims, claims.toReversed()]) {
      const [decision] = decideChain(meter, [{ readAt: 5 * dayMs, claims: order, dueAt: null }], null, policy)
      t.equal(
        [decision?.verdict, decision?.value?.source].filter((text) => text !== undefined).join(' '),
        expected,
        title,
      )
    }
  t.end()
})

t.test('the order of keys and claims changes nothing', (t) => {
  const keys = fc.uniqueArray(
    fc.record({
      readAt: fc.integer({ min: 1, max: 9 }).map((day) => day * dayMs),
      claims: fc.array(
        fc.record({
          registers: fc.integer({ min: 0, max: 400_000 }).map((value) => set(value)),
          source: fc.constantFrom<Claim['source']>('scheduled', 'backfill', 'field', 'exchange', 'imported'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      dueAt: fc.constant(null),
    }),
    { selector: ({ readAt }) => readAt, maxLength: 9 },
  )
  fc.assert(
    fc.property(keys, (given) => {
      const shuffled = given.toReversed().map((key) => ({ ...key, claims: key.claims.toReversed() }))
      t.same(decideChain(meter, shuffled, null, policy), decideChain(meter, given, null, policy))
    }),
    { seed: 20_260_701, numRuns: 200 },
  )
  t.end()
})
