import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs, type Instant } from '../../../domain/time.js'
import { planDay, type Visitable } from '../../../mdm/field-orders/plan-day.js'

const now = Date.UTC(2026, 6, 16)

function order(id: string, more: Partial<Visitable> = {}): Visitable {
  return { fieldOrderId: id, place: id, area: 'a', address: id, bill: id, riskFen: 100n, dueAt: now + dayMs, ...more }
}

t.test('a day holds the places with most money by the day that is left, in the order of a walk', async (t) => {
  const ids = (orders: readonly Visitable[], visits: number) =>
    planDay(orders, { now, visits }).map(({ fieldOrderId }) => fieldOrderId)
  const table: readonly (readonly [why: string, orders: readonly Visitable[], visits: number, expected: string[]])[] = [
    ['more money first', [order('1', { riskFen: 1n }), order('2')], 1, ['2']],
    [
      'half the time is worth twice the money',
      [order('1', { dueAt: now + 3 * dayMs, riskFen: 250n }), order('2')],
      1,
      ['2'],
    ],
    ['overdue counts as due today', [order('1', { dueAt: now - 9 * dayMs }), order('2', { riskFen: 101n })], 1, ['2']],
    [
      'two of one place are one visit',
      [order('1', { place: 'p', riskFen: 60n }), order('2', { place: 'p', riskFen: 60n }), order('3')],
      1,
      ['1', '2'],
    ],
    [
      'a bill is at risk once, however many of its days are open',
      [order('1', { place: 'p', bill: 'b' }), order('2', { place: 'p', bill: 'b' }), order('3', { riskFen: 101n })],
      1,
      ['3'],
    ],
    [
      'by area and address',
      [order('1', { area: 'b' }), order('2', { address: 'z' }), order('3', { address: 'y' })],
      9,
      ['3', '2', '1'],
    ],
    ['ties by due date', [order('1'), order('2', { dueAt: now + dayMs / 2 })], 1, ['2']],
    ['nothing', [], 5, []],
  ]
  for (const [why, orders, visits, expected] of table) {
    t.same(ids(orders, visits), expected, why)
    t.same(ids(orders.toReversed(), visits).toSorted(), expected.toSorted(), `${why}, whatever the order`)
  }
})

interface Simulated extends Visitable {
  readonly openedAt: Instant
  /** Whether a visit changes the bill; nobody knows before. */
  readonly changes: boolean
  readonly billedFen: bigint
}

/** Orders come for 60 days, about half more than a crew can visit; what is not visited by its deadline is lost. Fen resolved per visit. */
function resolvedPerVisit(
  seed: number,
  choose: (open: readonly Simulated[], today: Instant) => readonly Simulated[],
): number {
  const random = createSeededRandom(seed)
  let open: readonly Simulated[] = []
  let [resolvedFen, visits] = [0n, 0]
  for (let day = 0; day < 60; day++) {
    const today = now + day * dayMs
    const arrived = Array.from({ length: 30 }, (_, index): Simulated => {
      const draw = (what: string) => random.below(1000, day, index, what)
      // Most accounts are small, few are large: money over four decades.
      const billedFen = BigInt(Math.round(1000 * 10 ** (4 * (draw('money') / 1000) ** 3)))
      const permille = [300n, 600n, 800n][draw('kind') % 3] ?? 300n
      return {
        ...order(`${day}-${index}`),
        riskFen: (billedFen * permille) / 1000n,
        dueAt: today + (1 + (draw('deadline') % 6)) * dayMs,
        openedAt: today,
        changes: BigInt(draw('outcome')) < permille,
        billedFen,
      }
    })
    open = [...open.filter(({ dueAt }) => dueAt > today), ...arrived]
    const visited = new Set(choose(open, today))
    visits += visited.size
    for (const { changes, billedFen } of visited) if (changes) resolvedFen += billedFen
    open = open.filter((one) => !visited.has(one))
  }
  return Number(resolvedFen) / visits
}

t.test('the ranked plan resolves more money per visit than oldest first, on every seed', async (t) => {
  const visits = 20
  const ratios = Array.from({ length: 20 }, (_, seed) => {
    const ranked = resolvedPerVisit(seed, (open, today) => planDay(open, { now: today, visits }))
    const oldest = resolvedPerVisit(seed, (open) => open.toSorted((a, b) => a.openedAt - b.openedAt).slice(0, visits))
    return ranked / oldest
  })
  t.comment(
    `least ${Math.min(...ratios).toFixed(2)}, mean ${(ratios.reduce((a, b) => a + b) / ratios.length).toFixed(2)} times as much`,
  )
  t.ok(Math.min(...ratios) > 1.1, `least ${Math.min(...ratios)}`)
})
