import t from 'tap'
import { compileVersion } from '../../../../billing/engine/components/compile-version.js'
import { createPlainRating } from '../../../../billing/engine/components/plain-rating.js'
import type { ComponentTariff } from '../../../../billing/tariffs/components/tariff-schema.js'
import { addMonths } from '../../../../billing/rating/months.js'
import { beijing, type LocalDate } from '../../../../domain/time.js'
import { eachPlainInput } from '../../../../storage/billing/plain-inputs.js'
import { unpackUsages } from '../../../../storage/billing/packed-usages.js'
import { createFuzzRandom, type FuzzRandom } from '../../../fuzz/fuzz-random.js'
import { priceFiles } from '../../tariffs/price-files.js'
import { byPrograms, byReadableRules, type PlainAccount, plainBytes } from './plain-shards.js'

const zone = 'Asia/Shanghai'
const seed = 20_260_701
const accountsPerMonth = 6

type Facts = Readonly<Record<string, string | boolean>>
const situations: readonly Facts[] = [
  {},
  { large_household: true },
  { city: 'shenzhen', without_funds: true },
  { city: 'shenzhen' },
  { supply_voltage: 'below_1kv' },
  { time_of_use: false, power_factor_standard: 'none' },
  { time_of_use: true, power_factor_standard: 'none' },
]

/** Months in which a version holds that others follow: over the end of a year, where it lasts that long. */
function monthsOf({ validFrom, validTo }: ComponentTariff['versions'][number]): readonly LocalDate[] {
  const wanted = ['2024-02-01', '2026-01-01', '2026-10-01', '2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']
  const starts = [...wanted, validFrom].filter((start) => start.endsWith('-01')).toSorted()
  return [...new Set(starts)].filter(
    (start) => start >= validFrom && (validTo === undefined || addMonths(start, 1) <= validTo),
  )
}

const e4 = (random: FuzzRandom, most: number) => BigInt(random.below(most)) * (random.oneIn(2) ? 100n : 1n)

function drawAccount(random: FuzzRandom, start: LocalDate, code: string, closing: object | null): PlainAccount {
  const most = random.pick([1, 3_000_000, 30_000_000, 400_000_000])
  const tou = () => (random.oneIn(3) ? 0n : e4(random, most))
  // Most meters count peak and valley alone.
  const touE4 = [random.oneIn(8) ? tou() : 0n, tou(), random.oneIn(8) ? tou() : 0n, tou()] as const
  const counted = touE4.reduce((sum, one) => sum + one, 0n)
  const difference = random.pick([0n, 0n, 1n, 300n, -300n, -e4(random, most)])
  const total = random.oneIn(40) ? 2n ** 48n - BigInt(random.below(3)) + 1n : counted + difference
  const ladderE4 = e4(random, 60_000_000)
  const end = random.oneIn(12) ? addMonths(start, -1) : start
  const tariff = random.oneIn(12) ? 'another' : code
  const begins = [
    '2019-05-01',
    '2019-05-01',
    addMonths(start, -3),
    addMonths(start, -1),
    start,
    `${start.slice(0, 8)}20`,
  ]
  return {
    energyE4: total,
    touE4,
    inUseFrom: random.pick(begins),
    terms: null,
    lastBill:
      closing === null && random.oneIn(2) ? null : { end, tariff, ladderE4, closing: random.oneIn(8) ? null : closing },
    opening: random.oneIn(2) ? null : { asOf: random.oneIn(8) ? addMonths(start, -2) : start, ladderE4 },
    capacityKva: random.pick([null, null, 8, 315]),
    // Meters that store curves, readings that a file brought, and meters that neither holds of.
    hasActiveEnergy: random.oneIn(2),
    intervalDays: random.pick([
      null,
      { totalE4: total + BigInt(random.below(3)), missing: null },
      { totalE4: null, missing: 'no interval day covers 2026-07-03T16:00:00.000Z' },
    ]),
  }
}

t.test('programs store what the readable rules do, for every version of a province that compiles', async (t) => {
  const compiled = new Set<string>()
  let [bills, byProgram] = [0, 0]
  for (const [file, { name, tariff }] of priceFiles().entries())
    for (const version of tariff.versions)
      for (const [situation, stated] of situations.entries()) {
        const only = { ...tariff, versions: [version] }
        if (!Object.keys(stated).every((fact) => JSON.stringify(version).includes(`"${fact}"`))) continue
        const facts = Object.entries(stated).map(([fact, value]) => ({ name: fact, value }))
        const terms = facts.length === 0 ? null : { format: 'terms/1', facts, equipment: [] }
        const random = createFuzzRandom(seed, 1000 * file + 10 * version.version + situation)
        let closings: readonly (object | null)[] = []
        for (const start of monthsOf(version)) {
          const month = [start, addMonths(start, 1)] as const
          const [from, to] = month.map(beijing.startOfDay) as [number, number]
          if (typeof compileVersion(only, { zone, start: from, end: to, facts }) === 'string') continue
          compiled.add(name)
          const accounts = Array.from({ length: accountsPerMonth }, (_, index) => ({
            ...drawAccount(random, start, tariff.code, closings[index] ?? null),
            terms,
          }))
          const given = plainBytes(only, month, accounts)
          const expected = byReadableRules(only, given)
          t.same(byPrograms(only, given), expected, `${name} ${version.version} ${start} ${JSON.stringify(stated)}`)
          closings = expected.closings
          bills += expected.rated.totals.bills
          byProgram += countByProgram(only, given)
        }
      }
  t.same(
    [...compiled],
    [
      'gd-household-ladder',
      'gd-household-shared',
      'hb-business-single-10kv',
      'hb-business-single-35kv',
      'hb-business-single-lv',
      'hn-household-ladder',
      'js-household-ladder',
      'ln-household-heating-shared',
      'ln-household-heating',
      'ln-household-ladder',
      'sd-household-ladder',
      'sd-household-shared',
      'sd-household-tou',
      'zj-household-ladder',
      'zj-household-shared',
      'zj-household-tou',
    ],
    'files of which a version compiles',
  )
  t.ok(byProgram > 0.7 * bills, 'most of them are rated by programs')
})

function countByProgram(tariff: ComponentTariff, { usages, plain }: ReturnType<typeof plainBytes>): number {
  const columns = unpackUsages(usages)
  const rate = createPlainRating(columns, zone)
  let [row, known] = [0, 0]
  eachPlainInput(plain, (input) => {
    if (rate(tariff, input, row++) !== null) known++
  })
  return known
}
