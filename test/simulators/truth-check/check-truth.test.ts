import t from 'tap'
import type { BillRow } from '../../../simulators/truth-check/check-bills.js'
import type { ReadingRow } from '../../../simulators/truth-check/check-readings.js'
import { checkTruth } from '../../../simulators/truth-check/check-truth.js'

const july = 1_782_835_200_000
const august = 1_785_513_600_000
const exchangedAt = 1_784_167_200_000
const transferredAt = 1_784_304_000_000

/** Prices and rules of our own, so that each sum below can be followed by hand. */
const ladderTou = tariff('ladder-tou', {
  slots: { registers: { tou2: 'peak', tou4: 'valley' }, residual: 'valley' },
  energyPrices: [
    { slot: 'peak', price: '0.6' },
    { slot: 'valley', price: '0.4' },
  ],
  ladder: {
    form: 'increment',
    monthlyLimitsKwh: ['210', '400'],
    blockPrices: [
      { block: 2, price: '0.05' },
      { block: 3, price: '0.30' },
    ],
  },
})
const ladderFull = tariff('ladder-full', {
  energyPrices: [],
  ladder: {
    form: 'full',
    monthlyLimitsKwh: ['210', '400'],
    blockPrices: [
      { block: 1, price: '0.5' },
      { block: 2, price: '0.6' },
      { block: 3, price: '0.8' },
    ],
  },
})
const single = tariff('single', { energyPrices: [{ slot: 'all', price: '0.555' }] })
const fourSlots = tariff('four-slots', {
  slots: { registers: { tou1: 'sharp', tou2: 'peak', tou3: 'flat', tou4: 'valley' }, residual: 'flat' },
  energyPrices: [
    { slot: 'sharp', price: '1.133999' },
    { slot: 'peak', price: '0.930961' },
    { slot: 'flat', price: '0.735686' },
    { slot: 'valley', price: '0.516924' },
  ],
})
const tariffs = [ladderTou, ladderFull, single, fourSlots]

t.test('a settlement comes to what the tariff says of the true registers', async (t) => {
  const cases = [
    // 150 × 0.6 + 100.01 × 0.4; the cent that the registers lack is valley.
    ['first block', 'ladder-tou', regular('0'), [0, 250.01, 0, 150, 0, 100], '13000'],
    // 250 × 0.5 = 125.00 + 20 kWh above 2520 × 0.05
    ['crosses the first border', 'ladder-tou', regular('2290'), [0, 250, 0, 125, 0, 125], '12600'],
    // 125.00 + 230 × 0.05 + 20 × 0.30
    ['crosses the second border', 'ladder-tou', regular('4570'), [0, 250, 0, 125, 0, 125], '14250'],
    // 230 × 0.5 + 20 × 0.6
    ['full prices', 'ladder-full', regular('2290'), [0, 250, 0, 125, 0, 125], '12700'],
    // 7 months: borders 1470 and 2800; 180 × 0.5 + 70 × 0.6
    [
      'cleared at a transfer',
      'ladder-full',
      { ...regular('1290'), settlement: 'transfer' },
      [0, 250, 0, 0, 0, 250],
      '13200',
    ],
    // 6 months: borders 1260 and 2400; 10 × 0.5 + 240 × 0.6
    ['new account', 'ladder-full', { ...regular('1250'), ladderFrom: '2026-07-18' }, [0, 250, 0, 0, 0, 250], '14900'],
    // 100 × 15 × 0.555
    [
      'shared meter behind transformers',
      'single',
      { ...regular('0'), multiplier: '15' },
      [0, 100, 0, 60, 0, 40],
      '83250',
    ],
    // 11.33999 + 18.61922 + 22.07058 + 20.67696, each line rounded
    ['four slots', 'four-slots', regular('0'), [0, 100, 10, 20, 30, 40], '7271'],
    ['rollover', 'single', regular('0'), [999_990, 10, 0, 0, 0, 20], '1110'],
  ] as const
  for (const [what, code, terms, [start, total, tou1, tou2, tou3, tou4], amountFen] of cases) {
    const end = total
    const truth = truthOf(
      [registers('M1', july, [start, 0, 0, 0, 0]), registers('M1', august, [end, tou1, tou2, tou3, tou4])],
      [
        {
          ...settlement('A1', code, july, august),
          ...terms,
          segments: [segment('M1', july, august, terms.multiplier)],
        },
      ],
    )
    const energyE4 = e4((total - start + 1_000_000) % 1_000_000) * BigInt(terms.multiplier)
    const ladderEnergyE4 = BigInt(terms.openingLadderE4) + energyE4
    const bill = billOf('A1', july, august, amountFen, energyE4, ladderEnergyE4)
    t.match(checkTruth(truth, { readings: [], bills: [bill] }, tariffs), { bills: 1, mismatches: 0 }, what)
  }
})

t.test('an exchange is billed on what both meters counted', async (t) => {
  const truth = truthOf(
    [
      registers('M1', july, [100, 0, 60, 0, 40]),
      registers('M1', exchangedAt, [180, 0, 110, 0, 70]),
      registers('M2', exchangedAt, [1, 0, 0.5, 0, 0.5]),
      registers('M2', august, [71, 0, 40.5, 0, 30.5]),
    ],
    [
      {
        ...settlement('A1', 'ladder-tou', july, august),
        segments: [segment('M1', july, exchangedAt), segment('M2', exchangedAt, august)],
      },
    ],
  )
  // 90 kWh peak × 0.6 + 60 kWh valley × 0.4
  const bill = billOf('A1', july, august, '7800', e4(150), e4(150))
  t.match(checkTruth(truth, { readings: [], bills: [bill] }, tariffs), { mismatches: 0 })
})

t.test('whatever the product has wrong is found', async (t) => {
  const truth = truthOf(
    [registers('M1', july, [100, 0, 60, 0, 40], true), registers('M1', august, [200, 0, 120, 0, 80], true)],
    [{ ...settlement('A1', 'single', july, august), segments: [segment('M1', july, august)] }],
  )
  const first = rowOf('M1', july, 100, 60, 40)
  const second = rowOf('M1', august, 200, 120, 80)
  const bill = billOf('A1', july, august, '5550', e4(100), 0n)
  const right: Product = { readings: [first, second], bills: [bill] }
  t.same(checkTruth(truth, right, tariffs), { readings: 2, bills: 1, estimated: 0, mismatches: 0, firstMismatches: [] })
  const cases: readonly (readonly [string, Partial<Product>, readonly string[]])[] = [
    ['a total off by 0.01 kWh', { readings: [first, { ...second, totalE4: '2000100' }] }, ['reading_value']],
    ['a tariff register off by 0.01 kWh', { readings: [first, { ...second, tou4E4: '799900' }] }, ['reading_value']],
    ['a register that is not there', { readings: [first, { ...second, tou1E4: null }] }, ['reading_value']],
    ['a due point without value', { readings: [first] }, ['reading_missing']],
    [
      'a reading of another instant',
      { readings: [first, second, { ...second, readAt: july + 1 }] },
      ['reading_unknown'],
    ],
    [
      'a reading of an unknown meter',
      { readings: [first, second, { ...second, meterCode: 'M9' }] },
      ['reading_unknown'],
    ],
    ['a bill too high by one fen', { bills: [{ ...bill, amountFen: '5551' }] }, ['bill_amount']],
    ['a bill too low by one fen', { bills: [{ ...bill, amountFen: '5549' }] }, ['bill_amount']],
    ['a bill on 0.01 kWh too much', { bills: [{ ...bill, energyE4: '1000100' }] }, ['bill_energy']],
    ['a settlement without bill', { bills: [] }, ['bill_missing']],
    ['a bill for another period', { bills: [{ ...bill, periodEnd: transferredAt }] }, ['bill_unknown', 'bill_missing']],
  ]
  for (const [what, change, kinds] of cases) {
    const { mismatches, firstMismatches } = checkTruth(truth, { ...right, ...change }, tariffs)
    t.same([mismatches, firstMismatches.map(({ kind }) => kind)], [kinds.length, kinds], what)
  }
})

t.test(
  'a live reading counts for the quarter of an hour in which it was received, a frozen one for its stamp',
  async (t) => {
    const truth = truthOf([registers('M1', july, [100, 0, 60, 0, 40])], [])
    const cases = [
      ['live', july, 0],
      ['live', july + 899_999, 0],
      ['live', july + 900_000, 1],
      ['scheduled', july, 0],
      ['scheduled', july + 60_000, 1],
      ['backfill', july + 60_000, 1],
    ] as const
    for (const [source, readAt, mismatches] of cases) {
      const row = { ...rowOf('M1', readAt, 100, 60, 40), source }
      t.match(
        checkTruth(truth, { readings: [row], bills: [] }, []),
        { readings: 1, mismatches },
        `${source} ${readAt - july}`,
      )
    }
  },
)

t.test('estimated points are counted apart and serve their due point', async (t) => {
  const truth = truthOf([registers('M1', july, [100, 0, 60, 0, 40], true)], [])
  const row = { ...rowOf('M1', july, 99, 59, 40), source: 'estimated' }
  const verdict = checkTruth(truth, { readings: [row], bills: [] }, [])
  t.match(verdict, { readings: 0, estimated: 1, mismatches: 0 })
})

t.test('a file that is no truth file is refused', async (t) => {
  const nothing = { readings: [], bills: [] }
  t.throws(() => checkTruth('', nothing, []), /not a truth file/)
  t.throws(() => checkTruth('{"kind":"truth","format":"truth/2"}\n', nothing, []), /not a truth file/)
  t.throws(() => checkTruth(truthOf([{ kind: 'registers', meter: 'M1' }], []), nothing, []), /at: not a number|totalE4/)
})

interface Product {
  readonly readings: readonly ReadingRow[]
  readonly bills: readonly BillRow[]
}

function tariff(code: string, terms: object): string {
  return JSON.stringify({ code, validFrom: '2026-01-01', validTo: '2027-01-01', ...terms })
}

function regular(openingKwh: string) {
  const openingLadderE4 = e4(Number(openingKwh)).toString()
  return { openingLadderE4, settlement: 'regular', ladderFrom: '2026-01-01', multiplier: '1' }
}

function truthOf(trueRegisters: readonly object[], settlements: readonly object[]): string {
  const meters = ['M1', 'M2'].map((meter) => ({ kind: 'meter', meter, registerWrapE4: '10000000000' }))
  const entries = [{ kind: 'truth', format: 'truth/1', seed: 1 }, ...meters, ...trueRegisters, ...settlements]
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

function registers(meter: string, at: number, kwh: readonly number[], due = false): object {
  const [totalE4, ...touE4] = kwh.map((value) => e4(value).toString())
  return { kind: 'registers', meter, at, due, totalE4, touE4 }
}

function settlement(account: string, code: string, periodStart: number, periodEnd: number) {
  return { kind: 'settlement', account, tariff: code, periodStart, periodEnd, ...regular('0') }
}

function segment(meter: string, from: number, to: number, multiplier = '1'): object {
  return { meter, from, to, multiplier }
}

function billOf(
  accountCode: string,
  periodStart: number,
  periodEnd: number,
  amountFen: string,
  energyE4: bigint,
  ladderEnergyE4: bigint,
): BillRow {
  const energies = { energyE4: energyE4.toString(), ladderEnergyE4: ladderEnergyE4.toString() }
  return { accountCode, periodStart, periodEnd, amountFen, ...energies }
}

function rowOf(meterCode: string, readAt: number, total: number, tou2: number, tou4: number): ReadingRow {
  const [totalE4, tou2E4, tou4E4] = [total, tou2, tou4].map((kwh) => e4(kwh).toString())
  return {
    meterCode,
    readAt,
    totalE4: totalE4 ?? '',
    tou1E4: '0',
    tou2E4: tou2E4 ?? '',
    tou3E4: '0',
    tou4E4: tou4E4 ?? '',
    source: 'scheduled',
  }
}

/** Of kWh with at most two decimals. */
function e4(kwh: number): bigint {
  return BigInt(Math.round(kwh * 100)) * 100n
}
