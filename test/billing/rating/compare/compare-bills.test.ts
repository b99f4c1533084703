import t from 'tap'
import { totalOf } from '../../../../billing/rating/bill-difference.js'
import { blended, createBlend } from '../../../../billing/rating/compare/blend.js'
import { type Comparison, compareBills } from '../../../../billing/rating/compare/compare-bills.js'
import { createDayMap } from '../../../../billing/rating/compare/day-map.js'
import { type Documents, type Factor, factors } from '../../../../billing/rating/compare/factors.js'
import { rolesOf } from '../../../../billing/rating/compare/roles.js'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { toComponents } from '../../../../billing/tariffs/to-components.js'
import { formatRational, sum } from '../../../../domain/rational.js'
import { invariant } from '../../../../domain/result.js'
import { calendarFor } from '../../../../domain/time.js'
import { ratingCase } from '../../../crosscheck/rating-cases.js'
import { drawCase } from '../../../engine-truth/draw-case.js'
import { createFuzzRandom } from '../../../fuzz/fuzz-random.js'
import { energy, type Given, intervals, june, ladder, quantity, tariffDocument, usageDocument } from '../offline.js'
import { changes, documentsOf } from './documents.js'

function compared(from: Documents, to: Documents, order: readonly Factor[] = factors): Comparison {
  const result = compareBills(from, to, order)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function totalText({ tariff, usage }: Documents): string {
  const bill = rateUsage(tariff, usage)
  if (!bill.ok) throw new Error(JSON.stringify(bill.error))
  return formatRational(totalOf(bill.value))
}

const seed = 5
const cases = 24
const fewestPairs = 5

/** Random accounts in pairs: other tariff, other time, other quantities, but the same zone and number of periods. */
function randomPairs(): readonly (readonly [Documents, Documents])[] {
  const waiting = new Map<string, Documents>()
  return Array.from({ length: cases }, (_, index) => ratingCase(seed, index)).flatMap(({ tariff, usage }) => {
    const documents = documentsOf(tariff, usage)
    const key = `${documents.usage.zone} ${documents.usage.periods.length}`
    const other = waiting.get(key)
    waiting.set(key, documents)
    return other === undefined ? [] : [[other, documents] as const]
  })
}

/** Days first, whatever comes then. */
function shuffled(index: number): readonly Factor[] {
  const random = createFuzzRandom(seed, index)
  const [, ...others] = factors
  return [
    'days',
    ...others
      .map((factor) => [random.next(), factor] as const)
      .sort(([a], [b]) => a - b)
      .map(([, factor]) => factor),
  ]
}

t.test(
  'random pairs, in the declared or another order: factors add up, and each is rated again from its documents',
  async (t) => {
    const pairs = randomPairs()
    t.ok(pairs.length >= fewestPairs, `${pairs.length} pairs`)
    const wrong: unknown[] = []
    for (const [index, [from, to]] of pairs.entries()) {
      const { steps, difference } = compared(from, to, index % 2 === 0 ? factors : shuffled(index))
      const added = formatRational(sum(steps.map(({ amount }) => amount)))
      const again = steps.map(({ documents }) => totalText(documentsOf(documents.tariff, documents.usage)))
      const told = steps.map(({ total }) => formatRational(total))
      const names = steps.map(({ factor }) => factor).toSorted()
      if (added !== formatRational(difference)) wrong.push({ index, added })
      if (again.join(' ') !== told.join(' ')) wrong.push({ index, again, told })
      if (names.join(' ') !== factors.toSorted().join(' ')) wrong.push({ index, names })
    }
    t.same(wrong.slice(0, 2), [])
  },
)

/** An account under a drawn tariff of slots and ladder (tariff/1), in the form in which it is rated offline. */
function drawnAccount(index: number): Documents {
  const random = createFuzzRandom(seed, 1000 + index)
  const tariff = toComponents(drawCase(seed, index).tariff)
  const slots = [...new Set(tariff.versions[0]?.calendars.flatMap(({ registers = {} }) => Object.values(registers)))]
  const used = slots.map((slot) => [slot, random.below(90_000)] as const)
  const total = slots.length === 0 ? random.below(90_000) : used.reduce((added, [, value]) => added + value, 0)
  const kwh = (hundredths: number) => (hundredths / 100).toFixed(2)
  const quantities = [energy(kwh(total)), ...used.map(([slot, value]) => energy(kwh(value), { slot }))]
  const [start, end] = random.pick([
    ['2026-06-01', '2026-07-01'],
    ['2026-07-01', '2026-08-01'],
  ])
  return documentsOf(
    tariff,
    usageDocument({ components: [], period: { start, end, quantities }, usage: { inUseFrom: '2026-01-01' } }),
  )
}

t.test('random accounts under slots and ladder: factors add up to the fen, and each is rated again', async (t) => {
  let pairs = 0
  const wrong: unknown[] = []
  for (let index = 0; index < 40; index += 2) {
    const [from, to] = [drawnAccount(index), drawnAccount(index + 1)]
    const isRated = [from, to].every(({ tariff, usage }) => rateUsage(tariff, usage).ok)
    const result = compareBills(from, to, factors)
    if (!isRated || !result.ok) continue
    pairs += 1
    const { steps, difference } = result.value
    const totals = [from, ...steps.map(({ documents }) => documentsOf(documents.tariff, documents.usage))].map(
      totalText,
    )
    const told = steps.map(({ total }) => formatRational(total))
    const isWholeFen = told.every((total) => /^-?\d+(\.\d{1,2})?$/.test(total))
    if (totals.slice(1).join(' ') !== told.join(' ') || totals.at(-1) !== totalText(to))
      wrong.push({ index, totals, told })
    if (formatRational(sum(steps.map(({ amount }) => amount))) !== formatRational(difference)) wrong.push({ index })
    if (!isWholeFen) wrong.push({ index, told })
  }
  t.ok(pairs >= fewestPairs, `${pairs} pairs`)
  t.same(wrong.slice(0, 2), [])
})

t.test('random pairs: with every factor taken the blend itself comes to the second bill', async (t) => {
  const wrong: number[] = []
  for (const [index, [from, to]] of randomPairs()
    .filter((_, place) => place % 2 === 1)
    .entries()) {
    const map = createDayMap(calendarFor(to.usage.zone), from.usage.periods, to.usage.periods)
    const [first, second] = [from, to].map((one) => {
      const bill = rateUsage(one.tariff, one.usage)
      invariant(bill.ok, 'a bill')
      return { ...one, bill: bill.value }
    })
    invariant(first !== undefined && second !== undefined, 'two bills')
    const all = blended(createBlend(map, rolesOf([from, to]), first, second), new Set(factors))
    if (totalText(all) !== formatRational(totalOf(second.bill))) wrong.push(index)
  }
  t.same(wrong, [])
})

t.test('random accounts compared with themselves differ by nothing, in any factor', async (t) => {
  for (let index = 0; index < 6; index += 1) {
    const { tariff, usage } = ratingCase(seed + 1, index)
    const documents = documentsOf(tariff, usage)
    t.equal(changes(compared(documents, documents)), '', `case ${index}`)
  }
})

const calendar = {
  name: 'tou',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
    { name: 'valley', otherwise: true },
  ],
}
const perUnit = (price: string) => ({ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price } })
const slotted = {
  code: 'energy',
  kind: 'usage',
  slots: { calendar: 'tou' },
  model: { kind: 'per_unit', prices: { peak: '0.8', valley: '0.3' } },
}
const perKw = { code: 'demand', kind: 'fixed', quantity: 'demand', unit: 'kW', price: '40', per: 'month' }
const capacity = {
  code: 'capacity',
  kind: 'fixed',
  quantity: { op: 'equipment', charged: ['in_service'] },
  unit: 'kVA',
  price: '30',
  per: 'month',
}
const contracted = { ...perKw, quantity: { op: 'fact', name: 'contracted_kw' } }
const adjusted = { code: 'adjusted', kind: 'power_factor', of: ['energy'], table: { standard: '0.90' } }
const annual = {
  code: 'energy',
  kind: 'usage',
  model: ladder(
    [
      ['210', '0.5'],
      [null, '0.6'],
    ],
    { scope: { of: 'year', times: 'months' } },
  ),
}
const used = (value: number) => ({
  opening: {
    blocks: [{ component: 'energy', scope: '2026-01-01', used: String(value), byBlock: [String(value), '0'] }],
  },
})
const slots = (peak: number, valley: number) => [energy(peak, { slot: 'peak' }), energy(valley, { slot: 'valley' })]
const transformer = (rating: string, more: object = {}) => ({ name: 'T1', rating, state: 'in_service', ...more })

/** What differs between two documents, and the factors that say so. */
const single: readonly (readonly [what: string, from: Given, to: Partial<Given>, expected: string])[] = [
  ['nothing', { components: [perUnit('0.5')], period: { quantities: [energy(100)] } }, {}, ''],
  [
    'a price',
    { components: [perUnit('0.5')], period: { quantities: [energy(100)] } },
    { components: [perUnit('0.500001')], tariff: { code: 'other' } },
    '',
  ],
  [
    'a price that shows',
    { components: [perUnit('0.5')], period: { quantities: [energy(100)] } },
    { components: [perUnit('0.51')] },
    'price 1',
  ],
  [
    'the energy',
    { components: [perUnit('0.5')], period: { quantities: [energy(100)] } },
    { period: { quantities: [energy(140)] } },
    'quantity 20',
  ],
  [
    'the share of a slot',
    { components: [slotted], version: { calendars: [calendar] }, period: { quantities: slots(60, 40) } },
    { period: { quantities: slots(50, 50) } },
    'slot_mix -5',
  ],
  [
    'energy and shares',
    { components: [slotted], version: { calendars: [calendar] }, period: { quantities: slots(60, 40) } },
    { period: { quantities: slots(100, 100) } },
    'quantity 60, slot_mix -10',
  ],
  [
    'reactive energy',
    { components: [perUnit('1'), adjusted], period: { quantities: [energy(1000), quantity('reactive', 480)] } },
    { period: { quantities: [energy(1000), quantity('reactive', 600)] } },
    'power_factor 20',
  ],
  [
    'energy and reactive energy alike: the power factor stays',
    { components: [perUnit('1'), adjusted], period: { quantities: [energy(1000), quantity('reactive', 600)] } },
    { period: { quantities: [energy(2000), quantity('reactive', 1200)] } },
    'quantity 1020',
  ],
  [
    'demand',
    { components: [perKw], period: { quantities: [quantity('demand', 100, { unit: 'kW' })] } },
    { period: { quantities: [quantity('demand', 110, { unit: 'kW' })] } },
    'demand 400',
  ],
  [
    'contracted kW',
    { components: [contracted], usage: { facts: [{ name: 'contracted_kw', value: '100' }] } },
    { usage: { facts: [{ name: 'contracted_kw', value: '90' }] } },
    'demand -400',
  ],
  [
    'a transformer that is suspended half the month',
    { components: [capacity], usage: { equipment: [transformer('100')] } },
    { usage: { equipment: [transformer('100', { to: '2026-06-16' })] } },
    'demand -1500',
  ],
  [
    'what the ladder had used',
    { components: [annual], usage: used(2000), period: { quantities: [energy(100)] } },
    { usage: used(2500) },
    'block 8',
  ],
  [
    'since when the ladder has room',
    { components: [annual], usage: used(100), period: { quantities: [energy(1000)] } },
    { usage: { ...used(100), inUseFrom: '2026-10-01' } },
    'block 47',
  ],
  [
    'a refund',
    { components: [perUnit('0.5')], period: { quantities: [energy(100)] } },
    {
      period: { quantities: [energy(100)], adjustments: [{ code: 'refund', kind: 'amount', amount: '-7.5' }] },
    },
    'correction -7.5',
  ],
  [
    'the days, in proportion',
    {
      components: [perUnit('0.5'), perKw],
      period: { quantities: [energy(300), quantity('demand', 100, { unit: 'kW' })] },
    },
    {
      period: {
        start: '2026-07-01',
        end: '2026-08-01',
        quantities: [energy(310), quantity('demand', 100, { unit: 'kW' })],
      },
    },
    'days 5',
  ],
  [
    'the year: the ladder begins anew at the same place',
    { components: [annual], usage: used(2500), period: { quantities: [energy(100)] } },
    {
      usage: { opening: { blocks: [{ ...used(2500).opening.blocks[0], scope: '2027-01-01' }] } },
      period: { start: '2027-06-01', end: '2027-07-01', quantities: [energy(100)] },
    },
    '',
  ],
]

for (const [what, from, to, expected] of single) {
  t.test(`${what} differs: ${expected === '' ? 'no factor' : expected}`, async (t) => {
    const given = { ...from, ...to }
    const documents = [from, given].map((one) => documentsOf(tariffDocument(one), usageDocument(one)))
    const [first, second] = documents
    invariant(first !== undefined && second !== undefined, 'two sides')
    t.equal(changes(compared(first, second)), expected)
  })
}

t.test('a curve is laid on other days and grows with their number exactly; its peak stays', async (t) => {
  const version = { calendars: [calendar] }
  const days = (start: string, end: string, values: readonly number[], price: readonly string[]): Given => ({
    components: [{ code: 'energy', kind: 'usage', model: { kind: 'interval_prices', series: 'spot' } }, perKw],
    version,
    usage: { series: [{ name: 'spot', start, minutes: 60, values: price }] },
    periods: [
      {
        start,
        end,
        quantities: [intervals(start, values)],
        demands: [{ name: 'demand', of: 'energy', minutes: 60 }],
        months: '1',
      },
    ],
  })
  const [two, three] = [48, 72].map((count) => Array.from({ length: count }, (_, hour) => hour % 24))
  invariant(two !== undefined && three !== undefined, 'curves')
  const flat = (count: number, price: string) => Array.from({ length: count }, () => price)
  const from = days('2026-06-01', '2026-06-03', two, flat(48, '0.5'))
  const side = (one: Given) => documentsOf(tariffDocument(one), usageDocument(one))
  const longer = days('2026-06-08', '2026-06-11', three, flat(72, '0.5'))
  t.equal(changes(compared(side(from), side(longer))), 'days 138', '276 kWh a day at 0.5')
  const dearer = days(
    '2026-06-08',
    '2026-06-11',
    three.map((value) => value * 2),
    flat(72, '0.6'),
  )
  t.equal(changes(compared(side(from), side(dearer))), 'days 138, quantity 414, price 165.6, demand 920')
})

t.test('a price that changes inside one of the periods keeps its place in the other', async (t) => {
  const versions = [
    { version: 1, validFrom: '2026-01-01', validTo: '2026-06-11', components: [perUnit('0.5')] },
    { version: 2, validFrom: '2026-06-11', components: [perUnit('0.7')] },
  ].map((version) => ({ ...version, rounding: {} }))
  const from = documentsOf(
    tariffDocument({ components: [], versions }),
    usageDocument({
      components: [],
      period: { quantities: [energy(100, { to: '2026-06-11' }), energy(100, { from: '2026-06-11' })] },
    }),
  )
  const to = documentsOf(
    tariffDocument({ components: [], versions }),
    usageDocument({ components: [], period: { start: '2026-09-01', end: '2026-10-01', quantities: [energy(300)] } }),
  )
  // 100 × (0.5 + 0.7); 150 × 1.2; ten days of thirty at 0.5; all of it at 0.7.
  t.equal(changes(compared(from, to)), 'quantity 60, slot_mix 10, price 20')
})

t.test('a factor that cannot be rated by itself waits for those after it', async (t) => {
  const from = { components: [perUnit('0.5')], period: { quantities: [energy(100)] } }
  const to = { components: [slotted], version: { calendars: [calendar] }, period: { quantities: slots(50, 50) } }
  const sides = [from, to].map((one) => documentsOf(tariffDocument(one), usageDocument(one)))
  const [first, second] = sides
  invariant(first !== undefined && second !== undefined, 'two sides')
  const { steps } = compared(second, first)
  t.same(
    steps.map(({ factor }) => factor),
    ['days', 'quantity', 'block', 'price', 'slot_mix', 'power_factor', 'demand', 'correction'],
  )
})

const side = (given: Given) => documentsOf(tariffDocument(given), usageDocument(given))
const plain: Given = { components: [perUnit('0.5')], period: { quantities: [energy(100)] } }
const refusals: readonly (readonly [string, Given, string])[] = [
  ['another zone', { ...plain, usage: { zone: 'Europe/Berlin' } }, 'zones_differ'],
  ['another currency', { ...plain, tariff: { currency: { code: 'EUR', decimals: 2 } } }, 'currencies_differ'],
  [
    'another number of periods',
    {
      ...plain,
      periods: [june, { start: '2026-07-01', end: '2026-08-01' }].map((one) => ({ ...one, quantities: [energy(1)] })),
    },
    'periods_do_not_pair',
  ],
  ['a bill that cannot be rated', { ...plain, period: { quantities: [] } }, 'bill_not_rated'],
]
for (const [what, to, kind] of refusals) {
  t.test(`${what} is refused: ${kind}`, async (t) => {
    t.match(compareBills(side(plain), side(to)), { ok: false, error: { kind } })
  })
}

t.test('a curve that does not begin at a midnight cannot be laid on other days: curve_not_laid', async (t) => {
  const start = '2026-07-01T06:00'
  const hours = Array.from({ length: 24 }, () => 1)
  const curve: Given = {
    ...plain,
    periods: [{ start, end: '2026-07-02T06:00', quantities: [intervals(start, hours)] }],
  }
  t.match(compareBills(side(curve), side(plain)), { ok: false, error: { kind: 'curve_not_laid' } })
  t.match(compareBills(side(curve), side(curve)), { ok: true }, 'on its own days nothing has to be laid')
})
