import fc from 'fast-check'
import t from 'tap'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import { createUsageColumns, setUsage } from '../../../billing/engine/columns.js'
import { rateColumns } from '../../../billing/engine/rate-columns.js'
import { rateAccount } from '../../../billing/rating/rate-account.js'
import type { Tariff } from '../../../billing/tariffs/tariff.js'
import { type BilledUsage, holdCodes, linesSha256, maxBilledE4 } from '../../../domain/bill.js'
import { present } from '../../../domain/result.js'
import { addDays } from '../../../domain/time.js'

const seed = 20_260_701
const tariffsTried = 600
const usagesPerTariff = 30

const timeOfUse = ['sharp', 'peak', 'flat', 'valley'] as const
/** Unit of all prices of one tariff: few decimals take the number path, many the bigint path. */
const priceUnit = fc.constantFrom(10_000n, 100n, 1n)
/** 99.99999999 is the highest price that loads. */
const rawPrice = fc.bigInt({ min: 0n, max: 10n ** 10n - 1n })

function priced(raw: bigint, unit: bigint): bigint {
  return unit === 1n ? raw : (raw % 20_000n) * unit
}

const slotMap = fc.record({
  registers: fc.tuple(register(), register(), register(), register()),
  residual: fc.constantFrom(...timeOfUse),
})
const ladder = fc.uniqueArray(fc.bigInt({ min: 1n, max: 9_000_000n }), { minLength: 1, maxLength: 7 }).chain((limits) =>
  fc.record({
    form: fc.constantFrom('full' as const, 'increment' as const),
    monthlyLimitsE4: fc.constant(limits.toSorted((a, b) => (a < b ? -1 : 1))),
    blockPricesE8: fc.array(rawPrice, { minLength: limits.length + 1, maxLength: limits.length + 1 }),
  }),
)
const tariff: fc.Arbitrary<Tariff> = fc
  .record({
    slots: fc.option(slotMap),
    prices: fc.tuple(rawPrice, rawPrice, rawPrice, rawPrice, rawPrice),
    unit: priceUnit,
    ladder: fc.option(ladder),
  })
  .map(({ slots, prices, unit, ladder: steps }) => {
    const full = steps?.form === 'full'
    return {
      code: 'generated',
      version: 1,
      slots: full ? null : slots,
      energyPrices: full
        ? []
        : (['all', ...timeOfUse] as const).map((slot, index) => ({ slot, priceE8: priced(prices[index] ?? 0n, unit) })),
      ladder: steps && { ...steps, blockPricesE8: steps.blockPricesE8.map((raw) => priced(raw, unit)) },
      funds: [],
      vatRateE4: 1300n,
    }
  })

/** Most accounts are small; some reach the bigint path, a few the limit of what is billed at all. */
const highestE4 = fc.oneof(
  { weight: 12, arbitrary: fc.constant(100_000_000n) },
  { weight: 3, arbitrary: fc.constant(maxBilledE4 / 8n) },
  { weight: 1, arbitrary: fc.constant(maxBilledE4) },
)
const day = fc.integer({ min: 0, max: 1100 }).map((days) => addDays('2024-01-01', days))
const usage: fc.Arbitrary<BilledUsage> = highestE4
  .chain((max) => {
    const energy = fc.bigInt({ min: 0n, max })
    return fc.record({
      touE4: fc.tuple(energy, energy, energy, energy),
      /** Mostly what the display's last digits leave; sometimes more than any slot holds. */
      differenceE4: fc.oneof(
        { weight: 6, arbitrary: fc.bigInt({ min: -300n, max: 300n }) },
        { weight: 1, arbitrary: fc.bigInt({ min: -5n * max, max }) },
      ),
      settlementKind: fc.constantFrom('regular' as const, 'transfer' as const),
      ladderFrom: fc.oneof({ weight: 4, arbitrary: fc.constant('2024-01-01') }, { weight: 1, arbitrary: day }),
      periodFrom: day,
      days: fc.integer({ min: 1, max: 40 }),
      ladderOpeningE4: fc.option(energy, { freq: 20 }),
    })
  })
  .map(({ differenceE4, days, ...rest }) => ({
    ...rest,
    energyE4: rest.touE4.reduce((sum, tou) => sum + tou, differenceE4),
    periodTo: addDays(rest.periodFrom, days),
  }))

function register() {
  return fc.option(fc.constantFrom(...timeOfUse), { freq: 40 })
}

t.test('agrees with the readable rules to the fen, on every line and every hold', async (t) => {
  let bills = 0
  let held = 0
  let wide = 0
  fc.assert(
    fc.property(
      tariff,
      fc.array(usage, { minLength: usagesPerTariff, maxLength: usagesPerTariff }),
      (terms, usages) => {
        const program = compileProgram(terms)
        if (!program.ok) throw new Error(program.error.kind)
        const columns = createUsageColumns(usages.length)
        for (const [row, used] of usages.entries()) setUsage(columns, row, 0, used)
        const rated = rateColumns([program.value], columns)
        for (const [row, used] of usages.entries()) {
          const expected = rateAccount(terms, used)
          const hold = rated.hold[row] ?? 0
          if (!expected.ok) {
            if (holdCodes[hold - 1] !== expected.error.kind) return false
            held++
            continue
          }
          const digest = Buffer.from(rated.linesSha256.subarray(32 * row, 32 * row + 32))
          if (hold !== 0 || !digest.equals(linesSha256(expected.value.lines))) return false
          if (BigInt(rated.amountFen[row] ?? -1) !== expected.value.amountFen) return false
          if (BigInt(rated.ladderEnergyE4[row] ?? -1) !== expected.value.ladderEnergyE4) return false
          bills++
          if (expected.value.lines.some((line) => line.quantityE4 > BigInt(program.value.exactQuantityE4))) wide++
        }
        return true
      },
    ),
    { seed, numRuns: tariffsTried },
  )
  t.equal(bills + held, tariffsTried * usagesPerTariff)
  t.comment(`seed ${seed}: ${bills} bills compared, ${wide} with products beyond 2^53, ${held} held`)
  t.ok(bills >= 10_000, 'enough bills were really rated')
  t.ok(wide >= 100, 'the bigint path was really taken')
})

t.test('refuses at load what its integers cannot hold', async (t) => {
  const base: Tariff = {
    code: 'x',
    version: 1,
    slots: null,
    energyPrices: [{ slot: 'all', priceE8: 10n ** 10n }],
    ladder: null,
    funds: [],
    vatRateE4: 0n,
  }
  t.same(compileProgram(base), { ok: false, error: { kind: 'price_out_of_range' } })
  const endless = { form: 'full' as const, monthlyLimitsE4: [maxBilledE4 + 1n], blockPricesE8: [1n, 2n] }
  t.same(compileProgram({ ...base, energyPrices: [], ladder: endless }), {
    ok: false,
    error: { kind: 'limit_out_of_range' },
  })
})

t.test('keeps every product of the number path below 2^53, and takes that path as far as it goes', async (t) => {
  const table = [
    [5_469n * 10_000n, 10_000, 1_646_955_431_475n],
    [113_399_900n, 100, 7_942_863_489n],
    [9_999_999_999n, 1, 900_719n],
  ] as const
  for (const [priceE8, toPriceE8, exactQuantityE4] of table) {
    const program = compileProgram({
      code: 'x',
      version: 1,
      slots: null,
      energyPrices: [{ slot: 'all', priceE8 }],
      ladder: null,
      funds: [],
      vatRateE4: 0n,
    })
    if (!program.ok) throw new Error(program.error.kind)
    t.equal(program.value.toPriceE8, toPriceE8)
    t.equal(BigInt(program.value.exactQuantityE4), exactQuantityE4)
    const price = BigInt(present(program.value.slotPrices[0], 'price'))
    t.ok(exactQuantityE4 * price < 2n ** 53n && (exactQuantityE4 + 1n) * price >= 2n ** 53n)
  }
})
