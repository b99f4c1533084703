import t from 'tap'
import { rateAccount } from '../../../billing/rating/rate-account.js'
import type { BilledUsage } from '../../../domain/bill.js'
import { formatScaled } from '../../../domain/scaled.js'
import { shippedTariff } from '../tariffs/shipped-tariffs.js'

const regular = {
  settlementKind: 'regular',
  ladderFrom: '2026-01-01',
  periodFrom: '2026-07-01',
  periodTo: '2026-08-01',
} as const
const transferred = { ...regular, settlementKind: 'transfer', periodTo: '2026-07-18' } as const
const takenOver = { ...regular, ladderFrom: '2026-07-18', periodFrom: '2026-07-18' } as const

type Terms = Pick<BilledUsage, 'settlementKind' | 'ladderFrom' | 'periodFrom' | 'periodTo'>

/** kWh as whole numbers or hundredths, so that a row of a table stays readable. */
function usage(terms: Terms, energy: number, tou: readonly number[], opening: number | null): BilledUsage {
  const [tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = tou.map(toE4)
  const ladderOpeningE4 = opening === null ? null : toE4(opening)
  return { ...terms, energyE4: toE4(energy), touE4: [tou1, tou2, tou3, tou4], ladderOpeningE4 }
}

function toE4(kwh: number): bigint {
  return BigInt(Math.round(kwh * 10_000))
}

t.test('bills by slot, ladder and single price', async (t) => {
  const tou = shippedTariff('sd-residential-tou')
  const ladder = shippedTariff('sd-residential')
  const shared = shippedTariff('sd-residential-shared')
  const commercial = shippedTariff('hb-commercial-single-lv')
  const table = [
    // billing-rules 14, E10: 86.535 rounds to 86.54 and 37.69 stays.
    [
      'time of use inside block 1',
      tou,
      usage(regular, 250, [0, 150, 0, 100], 0),
      ['1/2/0 150 86.54', '1/4/0 100 37.69'],
      '124.23',
    ],
    [
      'time of use across the first limit',
      tou,
      usage(regular, 100, [0, 60, 0, 40], 2480),
      ['1/2/0 60 34.61', '1/4/0 40 15.08', '2/0/2 60 3.00'],
      '52.69',
    ],
    [
      'time of use across the second limit',
      tou,
      usage(regular, 100, [0, 60, 0, 40], 4750),
      ['1/2/0 60 34.61', '1/4/0 40 15.08', '2/0/2 50 2.50', '2/0/3 50 15.00'],
      '67.19',
    ],
    [
      'the total exceeds the registers by the display',
      tou,
      usage(regular, 100.02, [0, 60, 0, 40], 0),
      ['1/2/0 60 34.61', '1/4/0 40.02 15.08'],
      '49.69',
    ],
    [
      'the registers exceed the total by the display',
      tou,
      usage(regular, 99.98, [0, 60, 0, 40], 0),
      ['1/2/0 60 34.61', '1/4/0 39.98 15.07'],
      '49.68',
    ],
    ['full ladder inside block 1', ladder, usage(regular, 200, [0, 60, 0, 140], 1000), ['1/0/1 200 109.38'], '109.38'],
    [
      'full ladder up to the limit exactly',
      ladder,
      usage(regular, 20, [0, 0, 0, 0], 2500),
      ['1/0/1 20 10.94'],
      '10.94',
    ],
    [
      'full ladder just over the limit',
      ladder,
      usage(regular, 20.01, [0, 0, 0, 0], 2500),
      ['1/0/1 20 10.94', '1/0/2 0.01 0.01'],
      '10.95',
    ],
    [
      'full ladder over all blocks',
      ladder,
      usage(regular, 3000, [0, 0, 0, 0], 2000),
      ['1/0/1 520 284.39', '1/0/2 2280 1360.93', '1/0/3 200 169.38'],
      '1814.70',
    ],
    [
      'a transfer is cleared on seven months',
      ladder,
      usage(transferred, 100, [0, 0, 0, 0], 1400),
      ['1/0/1 70 38.28', '1/0/2 30 17.91'],
      '56.19',
    ],
    [
      'whoever takes over has six months',
      ladder,
      usage(takenOver, 1300, [0, 0, 0, 0], 0),
      ['1/0/1 1260 689.09', '1/0/2 40 23.88'],
      '712.97',
    ],
    [
      'shared meters have no ladder',
      shared,
      usage(regular, 5000, [0, 1, 0, 2], null),
      ['1/0/0 5000 2775.00'],
      '2775.00',
    ],
    [
      'four slots',
      commercial,
      usage(regular, 1000, [100, 200, 300, 400], null),
      ['1/1/0 100 113.40', '1/2/0 200 186.19', '1/3/0 300 220.71', '1/4/0 400 206.77'],
      '727.07',
    ],
    ['nothing used', tou, usage(regular, 0, [0, 0, 0, 0], 100), [], '0.00'],
  ] as const
  for (const [name, tariff, used, lines, total] of table) {
    const rated = rateAccount(tariff, used)
    t.ok(rated.ok, name)
    if (!rated.ok) continue
    const printed = rated.value.lines.map(
      (line) =>
        `${line.component}/${line.slot}/${line.block} ${formatScaled(line.quantityE4, 4)} ${formatScaled(line.amountFen, 2, 2)}`,
    )
    t.same(printed, lines, `${name}: lines`)
    t.equal(formatScaled(rated.value.amountFen, 2, 2), total, `${name}: total`)
  }
})

t.test('moves the ladder by what was used, and has none under a tariff without one', async (t) => {
  const used = usage(regular, 100, [0, 60, 0, 40], 50)
  const ladder = rateAccount(shippedTariff('sd-residential-tou'), used)
  t.equal(ladder.ok && ladder.value.ladderEnergyE4, 1_500_000n)
  const single = rateAccount(shippedTariff('sd-residential-shared'), used)
  t.equal(single.ok && single.value.ladderEnergyE4, 0n)
})

t.test('holds what cannot be billed', async (t) => {
  const tou = shippedTariff('sd-residential-tou')
  const table = [
    [usage(regular, -0.01, [0, 0, 0, 0], 0), 'negative_energy'],
    [usage(regular, 10, [0, 11, 0, 0], 0), 'negative_slot_energy'],
    [usage(regular, 10, [1, 9, 0, 0], 0), 'register_without_slot'],
    [usage(regular, 10, [0, 10, 0, 0], null), 'ladder_opening_unknown'],
    [usage({ ...regular, ladderFrom: '2026-08-01' }, 10, [0, 10, 0, 0], 0), 'ladder_from_after_period'],
    [
      usage({ ...regular, periodFrom: '2026-12-15', periodTo: '2027-01-15' }, 10, [0, 10, 0, 0], 0),
      'period_crosses_ladder_year',
    ],
    [{ ...usage(regular, 10, [0, 10, 0, 0], 0), ladderOpeningE4: 2n ** 48n + 1n }, 'quantity_out_of_range'],
  ] as const
  for (const [used, kind] of table) t.same(rateAccount(tou, used), { ok: false, error: { kind } }, kind)
})
