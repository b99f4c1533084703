import t from 'tap'
import { maximumDemand } from '../../../mdm/determinants/demand-quantity.js'
import type { DeterminantSegment } from '../../../mdm/determinants/determinant.js'
import type { SettledDemand } from '../../../storage/mdm/determinant-quantities.js'
import { midnight } from '../support/small-utility.js'

function segment(meterId: bigint, from: number, to: number, multiplier: number): DeterminantSegment {
  const [startAt, endAt] = [midnight(from), midnight(to)]
  const meter = { meterId, model: 'm', registerDigits: 6, registerDecimals: 2 }
  return {
    meter,
    meterId,
    multiplier,
    startAt,
    endAt,
    startRead: startAt,
    endRead: endAt,
    energiesE4: [0n, 0n, 0n, 0n, 0n],
  }
}

function demand(meterId: bigint, day: number, kw: number, tou2: number | null = null): SettledDemand {
  const touE4 = [null, tou2 === null ? null : BigInt(tou2) * 10_000n, null, null] as const
  return {
    meterId,
    quantity: 1,
    settledAt: midnight(day),
    registers: { totalE4: BigInt(kw) * 10_000n, touE4 },
    occurredAt: midnight(day) - 60_000,
  }
}

t.test('the highest of all settlements times the own multiplier, or why it is not known', (t) => {
  const whole = [segment(1n, 1, 32, 10)]
  const exchanged = [segment(1n, 1, 16, 10), segment(2n, 16, 32, 20)]
  const cases: readonly [string, readonly DeterminantSegment[], readonly SettledDemand[], string][] = [
    ['one settlement', whole, [demand(1n, 32, 9)], '90 day 32'],
    ['the highest of three', whole, [demand(1n, 11, 7), demand(1n, 21, 12), demand(1n, 32, 9)], '120 day 21'],
    ['that of the month before does not count', whole, [demand(1n, 1, 50), demand(1n, 32, 9)], '90 day 32'],
    ['the higher of two meters', exchanged, [demand(1n, 16, 9), demand(2n, 32, 5)], '100 day 32'],
    ['the higher of two meters is the old one', exchanged, [demand(1n, 16, 9), demand(2n, 32, 4)], '90 day 16'],
    ['the old meter was not settled', exchanged, [demand(2n, 32, 4)], 'missing'],
    ['not settled at the end', whole, [demand(1n, 11, 7)], 'missing'],
    ['claimed twice alike', whole, [demand(1n, 32, 9), demand(1n, 32, 9)], '90 day 32'],
    ['claimed with two values', whole, [demand(1n, 32, 9), demand(1n, 32, 8)], 'missing'],
  ]
  for (const [title, segments, demands, expected] of cases) {
    const { value, moment } = maximumDemand(segments, demands)
    const day = [11, 16, 21, 32].find((each) => midnight(each) - 60_000 === moment)
    t.equal('missing' in value ? 'missing' : `${value[0] / 10_000n} day ${day}`, expected, title)
  }
  t.same(maximumDemand(whole, [demand(1n, 11, 7, 6), demand(1n, 32, 9, 2)]).value, [
    90_0000n,
    null,
    60_0000n,
    null,
    null,
  ])
  t.end()
})
