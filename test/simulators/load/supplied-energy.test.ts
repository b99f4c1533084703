import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { addDays, beijing, datesIn, minuteMs } from '../../../domain/time.js'
import type { CustomerClass } from '../../../simulators/load/customer-classes.js'
import { type Load, slotEnergiesE4 } from '../../../simulators/load/slot-load.js'
import { createSuppliedEnergy } from '../../../simulators/load/supplied-energy.js'

const random = createSeededRandom(1)
const firstDay = '2026-06-29'
const kwhE4 = 10_000n
const household = loadOf('residential', 250n)

t.test('the same seed draws the same energy, another seed or point another', async (t) => {
  const energies = slotEnergiesE4(random, household, '2026-07-10')
  t.same(slotEnergiesE4(createSeededRandom(1), household, '2026-07-10'), energies)
  t.notSame(slotEnergiesE4(createSeededRandom(2), household, '2026-07-10'), energies)
  t.notSame(slotEnergiesE4(random, { ...household, usagePoint: 'P0002' }, '2026-07-10'), energies)
})

t.test('a month stays near the mean that the load names', async (t) => {
  const cases = [
    ['residential', 250n],
    ['residential', 560n],
    ['shared_building', 1100n],
    ['commercial', 800n],
  ] as const
  for (const [customerClass, monthlyKwh] of cases) {
    const supplied = createSuppliedEnergy(random, loadOf(customerClass, monthlyKwh), '2026-07-01')
    const energyE4 = sumOf(supplied.upTo(beijing.startOfDay('2026-08-01')))
    t.ok(energyE4 > 80n * monthlyKwh * 100n && energyE4 < 120n * monthlyKwh * 100n, `${customerClass} ${energyE4}`)
  }
})

t.test('no slot loses or gains energy on its way into the sums', async (t) => {
  for (const customerClass of ['residential', 'shared_building', 'commercial'] as const) {
    const load = loadOf(customerClass, 300n)
    const supplied = createSuppliedEnergy(random, load, firstDay)
    const slots = datesIn(firstDay, '2026-07-05').flatMap((date) => slotEnergiesE4(random, load, date))
    const expected = slots.reduce((sum, energy) => sum + energy, 0n)
    t.equal(sumOf(supplied.upTo(beijing.startOfDay('2026-07-05'))), expected)
  }
})

t.test('the energy of a slot is there at its end and not before', async (t) => {
  const midnight = beijing.startOfDay('2026-07-03')
  const supplied = createSuppliedEnergy(random, household, firstDay)
  const first = slotEnergiesE4(random, household, '2026-07-03')[0]
  const before = sumOf(supplied.upTo(midnight))
  t.equal(sumOf(supplied.upTo(midnight + 15 * minuteMs - 1)) - before, 0n)
  t.equal(sumOf(supplied.upTo(midnight + 15 * minuteMs)) - before, first)
})

t.test('each hour counts in the register of the customer class', async (t) => {
  const cases = [
    ['residential', 7, 4],
    ['residential', 8, 2],
    ['residential', 21, 2],
    ['residential', 22, 4],
    ['commercial', 5, 4],
    ['commercial', 6, 3],
    ['commercial', 12, 4],
    ['commercial', 14, 3],
    ['commercial', 16, 2],
    ['commercial', 20, 1],
    ['commercial', 22, 2],
  ] as const
  for (const [customerClass, hour, tou] of cases) {
    const supplied = createSuppliedEnergy(random, loadOf(customerClass, 300n), firstDay)
    const from = beijing.startOfDay('2026-07-03') + hour * 60 * minuteMs
    const before = supplied.upTo(from)
    const grown = supplied
      .upTo(from + 60 * minuteMs)
      .flatMap((sum, index) => (sum > (before[index] ?? 0n) ? [index + 1] : []))
    t.same(grown, [tou], `${customerClass} ${hour}:00`)
  }
})

t.test('nothing flows while there is no supply', async (t) => {
  const midnight = beijing.startOfDay('2026-07-03')
  const outage = { from: midnight - 60 * minuteMs, to: midnight + 60 * minuteMs }
  const supplied = createSuppliedEnergy(random, household, firstDay, [outage])
  t.same(supplied.upTo(outage.to), supplied.upTo(outage.from))
  t.ok(sumOf(supplied.upTo(outage.to + 15 * minuteMs)) > sumOf(supplied.upTo(outage.to)))
})

t.test('asking in any order gives the same sums', async (t) => {
  const late = beijing.startOfDay('2026-07-20')
  const early = beijing.startOfDay('2026-07-02') + 100 * minuteMs
  const once = createSuppliedEnergy(random, household, firstDay)
  const again = createSuppliedEnergy(random, household, firstDay)
  t.same([once.upTo(late), once.upTo(early)], [again.upTo(early), again.upTo(late)].toReversed())
})

t.test('refuses an instant before the first day', async (t) => {
  const supplied = createSuppliedEnergy(random, household, firstDay)
  t.throws(() => supplied.upTo(beijing.startOfDay(addDays(firstDay, -1))), /no load is known before 2026-06-29/)
})

function loadOf(customerClass: CustomerClass, monthlyKwh: bigint): Load {
  return { usagePoint: 'P0001', customerClass, monthlyE4: monthlyKwh * kwhE4 }
}

function sumOf(energies: readonly bigint[]): bigint {
  return energies.reduce((sum, energy) => sum + energy, 0n)
}
