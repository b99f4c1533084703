import t from 'tap'
import { billOf, energy, type Given, perUnit, quantity, totalsOf } from '../offline.js'

/* Export credits in money, by banks that pay for some charges only: eman/tariffkit, tests/test_ledger.py and test_trueup.py (PG&E, MCE). */

const amounts = (...parts: readonly (readonly [code: string, amount: string])[]): readonly object[] =>
  parts.map(([code, amount]) => ({ code, kind: 'amount', amount }))
const bank = (code: string, of: readonly string[], more: object) => ({ code, kind: 'credit', of, ...more })
const july = { start: '2026-06-30', end: '2026-07-29' }
const opening = (...credits: readonly (readonly [component: string, balance: string])[]) => ({
  opening: { credits: credits.map(([component, balance]) => ({ component, scope: '', balance })) },
})
const balances = (given: Given, period = 0): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (billOf(given).periods[period]?.closing.credits ?? []).map(({ component, balance }) => [component, balance]),
  )

t.test('what is earned is spent on what it may pay for, bank by bank', async (t) => {
  const delivery = amounts(['distribution', '6.19'], ['transmission', '1.81'], ['wildfire_hardening', '0.15'])
  const others = amounts(
    ['pcia', '1.39'],
    ['programs', '0.24'],
    ['wildfire', '0.23'],
    ['franchise', '0.02'],
    ['competition', '0.01'],
    ['base_services', '23.01'],
  )
  const pge: Given = {
    components: [
      ...delivery,
      ...others,
      bank('delivery', ['distribution', 'transmission', 'wildfire_hardening'], { earned: '6.25' }),
      bank(
        'bonus',
        [...delivery, ...others].map((one) => ('code' in one ? String(one.code) : '')).concat(['delivery']),
        { earned: '1.71' },
      ),
    ],
    periods: [july],
  }
  t.equal(totalsOf(pge), '25.09', '33.05 of charges less 6.25 and 1.71')
  t.same(balances(pge), { bonus: '0', delivery: '0' })
  // The other half of the statement: 4.84 less 0.25 and a bonus of 0.96 within the cycle; 4.93 before, 11.33 earned, 3.63 spent, 12.63 left.
  const mce: Given = {
    components: [
      ...amounts(['generation', '4.84'], ['relief', '-0.25'], ['solar_bonus', '-0.96']),
      bank('exports', ['generation', 'relief', 'solar_bonus'], { earned: '9.63' }),
      bank('bonus', ['generation', 'relief', 'solar_bonus', 'exports'], { earned: '1.70' }),
    ],
    periods: [july],
    usage: opening(['exports', '3.34'], ['bonus', '1.59']),
  }
  t.equal(totalsOf(mce), '0.00')
  t.same(balances(mce), { bonus: '3.29', exports: '9.34' })
})

t.test('balances go on from cycle to cycle', async (t) => {
  const generation = { code: 'generation', kind: 'usage', model: perUnit('1') }
  const exported = { code: 'sold', kind: 'usage', quantity: 'export', model: perUnit('1') }
  const ledger = (...cycles: readonly (readonly [number, number])[]): Given => ({
    components: [generation, exported, bank('credit', ['generation'], { earns: ['sold'] })],
    periods: cycles.map(([imports, exports], index) => ({
      start: ['2026-06-30', '2026-07-29', '2026-08-28'][index],
      end: ['2026-07-29', '2026-08-28', '2026-09-27'][index],
      quantities: [energy(imports), quantity('export', exports)],
    })),
  })
  const both = ledger([1, 10], [6, 0])
  t.equal(totalsOf(both), '0.00 0.00')
  t.same([balances(both), balances(both, 1)], [{ credit: '9' }, { credit: '3' }])
  const midYear: Given = { ...ledger([4, 0]), usage: opening(['credit', '10']) }
  t.equal(totalsOf(midYear), '0.00')
  t.same(balances(midYear), { credit: '6' })
  const scoped: Given = {
    components: [
      ...amounts(['generation', '10']),
      ...amounts(['distribution', '0']),
      bank('delivery', ['distribution'], { earned: '4' }),
    ],
    periods: [july],
  }
  t.equal(totalsOf(scoped), '10.00', 'a credit reaches nothing that it may not pay for')
  t.same(balances(scoped), { delivery: '4' })
  const flexible: Given = {
    components: [
      ...amounts(['distribution', '5']),
      bank('delivery', ['distribution'], { earned: '5' }),
      bank('bonus', ['distribution', 'delivery'], { earned: '5' }),
    ],
    periods: [july],
  }
  t.equal(totalsOf(flexible), '0.00')
  t.same(balances(flexible), { bonus: '5', delivery: '0' }, 'the one that may pay for less is spent first')
  const rider: Given = {
    components: [...amounts(['rider', '3'], ['energy', '0']), bank('bonus', ['energy'], { earned: '9' })],
    periods: [july],
  }
  t.equal(totalsOf(rider), '3.00')
  t.same(balances(rider), { bonus: '9' })
})

t.test('a year is settled: surplus energy paid for, its credit taken back', async (t) => {
  // Ten cycles of 10 kWh in and 30 out, 3.00 each: 200 kWh of surplus at 0.15, less 0.10 of credit each.
  const settled = (balance: string, rate: string): Given => ({
    components: [
      { code: 'surplus', kind: 'usage', quantity: 'surplus', multiple: '-1', model: perUnit(rate) },
      { code: 'reversal', kind: 'usage', quantity: 'surplus', model: perUnit('0.10') },
      bank('credit', ['reversal'], {}),
      { code: 'never_owed', kind: 'maximum', of: ['surplus', 'reversal', 'credit'], amount: '0' },
    ],
    periods: [{ start: '2027-03-15', end: '2027-04-15', quantities: [quantity('surplus', 200)] }],
    usage: opening(['credit', balance]),
  })
  const rows: readonly (readonly [string, Given, string, string])[] = [
    ['the balance bears all that is taken back', settled('50', '0.15'), '-30.00', '30'],
    ['what it does not bear comes off the payment', settled('5', '0.15'), '-15.00', '0'],
    ['nobody owes for having sold', settled('0', '0.01'), '0.00', '0'],
  ]
  for (const [claim, given, total, left] of rows) {
    t.equal(totalsOf(given), total, claim)
    t.same(balances(given), { credit: left }, claim)
  }
})
