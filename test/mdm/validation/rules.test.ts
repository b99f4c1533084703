import t from 'tap'
import fc from 'fast-check'
import type { RegisterSet } from '../../../domain/reading.js'
import { dayMs } from '../../../domain/time.js'
import { type ClaimedKey, decideChain } from '../../../mdm/validation/decide.js'
import { decrease } from '../../../mdm/validation/decrease.js'
import { disputed } from '../../../mdm/validation/disputed.js'
import { liveTolerance } from '../../../mdm/validation/live-tolerance.js'
import { noRead } from '../../../mdm/validation/no-read.js'
import { defaultValidationPolicy } from '../../../mdm/validation/policy.js'
import { registerDelta } from '../../../mdm/validation/register-delta.js'
import type { Candidate, Claim, ValidationRule } from '../../../mdm/validation/rule.js'
import { spike } from '../../../mdm/validation/spike.js'
import { tariffSum } from '../../../mdm/validation/tariff-sum.js'

const meter = { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 }
const policy = defaultValidationPolicy

function set(total: number, ...tou: readonly number[]): RegisterSet {
  const [tou2 = null, tou4 = null] = tou.map((value) => BigInt(value) * 100n)
  return { totalE4: BigInt(total) * 100n, touE4: [null, tou2, null, tou4] }
}
function claim(registers: RegisterSet, source: Claim['source'] = 'scheduled'): Claim {
  return { registers, source }
}
/** A candidate one day after a previous value. Registers in hundredths of a kWh. */
function candidate(previous: RegisterSet | null, chosen: RegisterSet, more: Partial<Candidate> = {}): Candidate {
  return {
    meter,
    readAt: dayMs,
    claims: [claim(chosen)],
    chosen: claim(chosen),
    previous: previous === null ? null : { readAt: 0, registers: previous },
    dueAt: null,
    ...more,
  }
}
function speaks(rule: ValidationRule, one: Candidate): boolean {
  return rule(one, policy) !== null
}

t.test('a turnover is never assumed', (t) => {
  // Values and limit in hundredths of a kWh on a 6.2 display.
  const cases: readonly [string, number, number, number, number | 'register_decreased'][] = [
    ['usage', 100_00, 112_50, 1000_00, 12_50],
    ['none', 100_00, 100_00, 1000_00, 0],
    ['story 6: 999999.98 then 000000.03', 999_999_98, 3, 1000_00, 5],
    ['story 5: reads in reversed order', 12_100_00, 12_000_00, 1000_00, 'register_decreased'],
    ['more than the connection carries', 999_000_00, 500_00, 1000_00, 'register_decreased'],
    ['exactly what the connection carries', 999_500_00, 500_00, 1000_00, 1000_00],
    [
      'possible in the time, but not near the end of the range',
      500_000_00,
      100_000_00,
      900_000_00,
      'register_decreased',
    ],
  ]
  for (const [title, earlier, later, limit, expected] of cases) {
    const delta = registerDelta(BigInt(earlier) * 100n, BigInt(later) * 100n, meter, BigInt(limit) * 100n)
    t.equal(delta.ok ? Number(delta.value / 100n) : delta.error.kind, expected, title)
  }
  t.end()
})

t.test('decrease', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no previous value', candidate(null, set(100)), false],
    ['equal', candidate(set(100), set(100)), false],
    ['a total that fell', candidate(set(100), set(99)), true],
    ['a tariff register that fell', candidate(set(100, 60, 40), set(110, 59, 51)), true],
    ['a register known only now', candidate(set(100), set(110, 60, 50)), false],
    ['a plausible turnover', candidate(set(999_999_98), set(3)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(decrease, one), expected, title)
  t.end()
})

t.test('spike: 66 kWh an hour and one display step', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no previous value', candidate(null, set(99_999_99)), false],
    ['the limit', candidate(set(0), set(1584_00 + 1)), false],
    ['one step more', candidate(set(0), set(1584_00 + 2)), true],
    ['a tariff register over the limit', candidate(set(0, 0, 0), set(1000_00, 1600_00, 0)), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(spike, one), expected, title)
  t.end()
})

t.test('tariff sum: 0.01 × n on the set, 0.01 × (n + 1) on differences', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no tariff registers', candidate(null, set(100)), false],
    ['equal', candidate(null, set(100, 60, 40)), false],
    ['0.02 apart on two registers', candidate(null, set(102, 60, 40)), false],
    ['0.03 apart on two registers', candidate(null, set(103, 60, 40)), true],
    ['0.03 apart the other way', candidate(null, set(97, 60, 40)), true],
    ['differences 0.03 apart', candidate(set(102, 60, 40), set(201, 120, 80)), false],
    ['differences 0.04 apart', candidate(set(102, 60, 40), set(198, 120, 80)), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(tariffSum, one), expected, title)
  t.end()
})

t.test('disputed', (t) => {
  const [a, b] = [claim(set(100)), claim(set(200), 'backfill')]
  const field = claim(set(150), 'field')
  const cases: readonly [string, readonly Claim[], Claim, boolean][] = [
    ['one value', [a], a, false],
    ['two values', [a, b], a, true],
    ['two values and a read on site', [field, a, b], field, false],
  ]
  for (const [title, claims, chosen, expected] of cases)
    t.equal(speaks(disputed, candidate(null, chosen.registers, { claims, chosen })), expected, title)
  t.end()
})

t.test('live tolerance: 15 minutes after a due point', (t) => {
  const at = (dueAt: number | null, source: Claim['source'] = 'live'): Candidate =>
    candidate(null, set(1), { dueAt, chosen: claim(set(1), source) })
  const cases: readonly [string, Candidate, boolean][] = [
    ['at the due point', at(dayMs), false],
    ['15 minutes', at(dayMs - 900_000), false],
    ['a millisecond more', at(dayMs - 900_001), true],
    ['no due point', at(null), true],
    ['a freeze', at(null, 'scheduled'), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(liveTolerance, one), expected, title)
  t.end()
})

t.test('no read', (t) => {
  const due = { meterId: 1n, readAt: 0 }
  const over = policy.missingAfterMs
  const cases: readonly [string, number, number, boolean][] = [
    ['a claim', 1, over, false],
    ['none while the window lasts', 0, over - 1, false],
    ['none when it is over', 0, over, true],
  ]
  for (const [title, claimCount, now, expected] of cases)
    t.equal(noRead({ ...due, claimCount }, now, policy), expected, title)
  t.end()
})

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
    [['accepted'], ['held', 'spike'], ['held', 'decrease'], ['accepted'], ['held', 'disputed']],
  )
  t.end()
})

t.test('the order of keys and claims changes nothing', (t) => {
  const keys = fc.uniqueArray(
    fc.record({
      readAt: fc.integer({ min: 1, max: 9 }).map((day) => day * dayMs),
      claims: fc.array(
        fc.record({
          registers: fc.integer({ min: 0, max: 400_000 }).map((value) => set(value)),
          source: fc.constantFrom<Claim['source']>('scheduled', 'backfill', 'field', 'exchange'),
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
