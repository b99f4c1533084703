import t from 'tap'
import { billEntry } from '../../../billing/ledger/bill-entry.js'
import { toLegs } from '../../../billing/ledger/legs.js'
import { paymentEntry } from '../../../billing/ledger/payment-entry.js'
import { shippedTariff } from '../tariffs/shipped-tariffs.js'

t.test('splits a bill into revenue, VAT and funds that add up to it', async (t) => {
  const household = shippedTariff('sd-residential-tou')
  const commercial = shippedTariff('hb-commercial-single-lv')
  const table = [
    // 124.23 / 1.13 = 109.938… -> 109.94
    [household, 2_500_000n, 12_423n, [1122, 2221, 6001], [12_423n, -1_429n, -10_994n]],
    [household, 100n, 1n, [1122, 6001], [1n, -1n]],
    // 1000 kWh: 20.00 + 6.20 + 19.00 of funds; 727.07 / 1.13 = 643.424… -> 643.42
    [
      commercial,
      10_000_000n,
      72_707n,
      [1122, 2221, 2241, 2242, 2243, 6001],
      [72_707n, -8_365n, -2_000n, -620n, -1_900n, -59_822n],
    ],
  ] as const
  for (const [tariff, energyE4, amountFen, ledgerNumbers, amountsFen] of table) {
    t.same(billEntry(tariff, { energyE4, amountFen }), { ledgerNumbers, amountsFen })
  }
})

t.test('puts a payment where it belongs', async (t) => {
  const table = [
    [{ amountFen: 100n, clearedFen: 100n, accountKnown: true }, [1012, 1122], [100n, -100n]],
    [{ amountFen: 100n, clearedFen: 60n, accountKnown: true }, [1012, 1122, 2203], [100n, -60n, -40n]],
    [{ amountFen: 100n, clearedFen: 0n, accountKnown: true }, [1012, 2203], [100n, -100n]],
    [{ amountFen: 100n, clearedFen: 0n, accountKnown: false }, [1012, 2299], [100n, -100n]],
  ] as const
  for (const [payment, ledgerNumbers, amountsFen] of table) t.same(paymentEntry(payment), { ledgerNumbers, amountsFen })
})

t.test('refuses legs that do not balance', async (t) => {
  t.throws(() => toLegs([[1122, 1n]]), { name: 'InvariantError' })
})
