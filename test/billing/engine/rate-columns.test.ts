import t from 'tap'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import type { Tariff } from '../../../billing/tariffs/tariff.js'
import { maxBilledE4 } from '../../../domain/bill.js'
import { present } from '../../../domain/result.js'
import { usagesPerCase } from '../../engine-truth/draw-case.js'
import { createTally, describeTally, tallyCases } from '../../engine-truth/tally.js'

const seed = 20_260_701
const cases = 2700

// A hundred thousand bills, on a busy machine for some minutes.
t.setTimeout(900_000)

t.test('agrees with the readable rules to the fen, on every line, every hold and every leg', async (t) => {
  const tally = createTally()
  tallyCases(tally, seed, 0, cases)
  t.comment(`seed ${seed}: ${describeTally(tally)}`)
  t.same(tally.examples, [], 'none differs')
  const held = Object.values(tally.held).reduce((sum, times) => sum + times, 0)
  t.equal(tally.bills + held, cases * usagesPerCase)
  t.ok(tally.bills >= 100_000, 'a hundred thousand bills were really rated')
  t.ok(tally.wide >= 1000, 'the bigint path was really taken')
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
