import fc from 'fast-check'
import t from 'tap'
import { interpolate } from '../../../mdm/estimation/interpolate.js'

t.test('interpolates in whole display steps, rounded down', (t) => {
  const known = (readAt: number, total: bigint, ...tou: readonly bigint[]) => ({
    readAt,
    registers: { totalE4: total, touE4: [null, tou[0] ?? null, null, tou[1] ?? null] as const },
  })
  const cases: readonly [
    string,
    ReturnType<typeof known>,
    ReturnType<typeof known>,
    number,
    bigint | null,
    bigint | null,
  ][] = [
    ['half of 10.01 kWh', known(0, 0n), known(2, 100_100n), 1, 50_000n, null],
    ['a third of 1 kWh', known(0, 0n), known(3, 10_000n), 1, 3_300n, null],
    [
      'total follows its registers',
      known(0, 300n, 100n, 200n),
      known(2, 20_500n, 10_200n, 10_300n),
      1,
      10_300n,
      5_100n,
    ],
    ['a register that fell', known(0, 500n), known(2, 400n), 1, null, null],
    ['a register shown once', known(0, 0n), known(2, 200n, 100n, 100n), 1, null, null],
    ['after the later value', known(0, 0n), known(2, 200n), 2, null, null],
  ]
  for (const [title, before, after, at, total, tou2] of cases) {
    const between = interpolate(before, after, at, 100n)
    t.equal(between?.totalE4 ?? null, total, title)
    t.equal(between?.touE4[1] ?? null, tou2, title)
  }
  t.end()
})

t.test('an interpolated set lies between its neighbours and keeps the tariff sum', (t) => {
  const amount = fc.integer({ min: 0, max: 1_000_000 }).map((value) => BigInt(value) * 100n)
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      amount,
      fc.integer({ min: 0, max: 23 }),
      (peak, valley, morePeak, moreValley, at) => {
        const before = {
          readAt: 0,
          registers: { totalE4: peak + valley + 100n, touE4: [null, peak, null, valley] as const },
        }
        const later = [peak + morePeak, valley + moreValley] as const
        const after = {
          readAt: 24,
          registers: { totalE4: later[0] + later[1] + 100n, touE4: [null, later[0], null, later[1]] as const },
        }
        const between = interpolate(before, after, at, 100n)
        if (between === null) throw new Error('nothing fell')
        const [, tou2, , tou4] = between.touE4
        if (tou2 === null || tou4 === null) throw new Error('both are shown')
        t.equal(between.totalE4 - tou2 - tou4, 100n)
        t.ok(tou2 >= peak && tou2 <= later[0] && tou4 >= valley && tou4 <= later[1])
      },
    ),
    { seed: 7, numRuns: 100 },
  )
  t.end()
})
