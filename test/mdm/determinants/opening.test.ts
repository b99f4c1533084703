import t from 'tap'
import { present } from '../../../domain/result.js'
import type { Energies } from '../../../mdm/determinants/determinant.js'
import { openingEstimate, toOpening, truedUp, withOpening } from '../../../mdm/determinants/opening.js'
import { valueOf } from '../../../mdm/determinants/quantity.js'
import type { OpeningRow } from '../../../storage/mdm/determinant-openings.js'
import { midnight } from '../support/small-utility.js'
import { boundaryOf, rowOf } from './support.js'

function item(part: Partial<OpeningRow>): OpeningRow {
  return {
    accountId: 1n,
    batch: 'golive',
    kind: 'register',
    asOf: midnight(1),
    asOfDay: '2026-07-01',
    meterId: 1n,
    fromDay: null,
    toDay: null,
    energyE4: 90_0000n,
    touE4: [null, null, null, null],
    ladderMonths: null,
    ...part,
  }
}
const ladder = (ladderMonths: number, part: Partial<OpeningRow> = {}) =>
  item({ kind: 'ladder', meterId: null, ladderMonths, ...part })
const estimate = (energyE4: bigint, touE4: OpeningRow['touE4'] = [null, null, null, null]) =>
  item({ kind: 'estimate', meterId: null, fromDay: '2026-06-01', toDay: '2026-07-01', energyE4, touE4 })
const july = { ...rowOf('start', boundaryOf({})), end: boundaryOf({ readAt: midnight(32) }) }

t.test('the last billed registers stand where the first period begins, whatever was read there', (t) => {
  const opening = toOpening([item({}), ladder(6)])
  const rows = withOpening(
    [july, { ...july, startAt: midnight(15) }],
    present(opening.ok ? opening.value : null, 'an opening'),
  )
  const [first, second] = rows.ok ? rows.value : []
  t.match(first, { opensWith: 'golive', start: { registers: { totalE4: 90_0000n }, source: null }, end: july.end })
  t.same(second, { ...july, startAt: midnight(15) }, 'only the first segment')
  t.end()
})

t.test('what does not fit the account is no opening', (t) => {
  const rows: readonly (readonly [string, readonly OpeningRow[], string, string | null])[] = [
    ['nothing but a ladder', [ladder(6)], '2026-01-01', null],
    ['a ladder that begins later in the year', [ladder(2)], '2026-05-20', null],
    ['a ladder of the year before', [ladder(6)], '2025-03-01', null],
    ['a ladder that begins with the books', [ladder(0)], '2026-07-01', null],
    ['other months', [ladder(5)], '2026-01-01', '6 months by the agreement'],
    ['another meter', [item({ meterId: 2n })], '2026-01-01', 'another meter'],
    ['an estimate without registers', [estimate(1n)], '2026-01-01', 'without the last billed registers'],
    ['an estimate with registers', [item({}), estimate(1n)], '2026-01-01', null],
    ['two instants', [item({}), ladder(6, { asOf: midnight(2) })], '2026-01-01', 'different instants'],
    ['a meter twice', [item({}), item({ batch: 'second' })], '2026-01-01', 'the same thing'],
    ['a ladder twice', [ladder(6), ladder(6, { batch: 'second' })], '2026-01-01', 'the same thing'],
  ]
  for (const [title, items, ladderFrom, problem] of rows) {
    const opening = toOpening(items)
    const begun = opening.ok ? withOpening([{ ...july, ladderFrom }], opening.value) : opening
    t.equal(begun.ok, problem === null, title)
    if (!begun.ok) t.match(begun.error, { kind: 'opening_differs', detail: problem ?? '' }, title)
  }
  t.end()
})

t.test('estimates of the old books come off what was read, register by register', (t) => {
  const rows: readonly (readonly [string, Energies, readonly OpeningRow[], string])[] = [
    ['as the use lies', [400n, 0n, 240n, 0n, 160n], [estimate(300n)], '100,0,60,0,40'],
    ['with registers of its own', [400n, 0n, 240n, 0n, 160n], [estimate(300n, [null, 100n, null, 200n])], 'held'],
    ['without registers on either side', [400n, 0n, 0n, 0n, 0n], [estimate(300n)], '100,0,0,0,0'],
    ['two of them', [400n, 0n, 240n, 0n, 160n], [estimate(100n), estimate(100n)], '200,0,120,0,80'],
    ['all that was used', [400n, 0n, 240n, 0n, 160n], [estimate(400n)], '0,0,0,0,0'],
    ['more than was used', [400n, 0n, 240n, 0n, 160n], [estimate(401n)], 'held'],
    ['none', [400n, 0n, 240n, 0n, 160n], [], '400,0,240,0,160'],
  ]
  for (const [title, measured, estimates, expected] of rows) {
    const opening = toOpening([item({}), ...estimates])
    const quantity = openingEstimate(measured, present(opening.ok ? opening.value : null, title))
    const left = quantity === null ? { ok: true as const, value: measured } : truedUp(measured, quantity)
    t.equal(left.ok ? String(left.value) : 'held', expected, title)
    if (!left.ok) t.equal(left.error.kind, 'opening_estimate_above', title)
    if (quantity !== null) t.ok((valueOf(quantity)?.[0] ?? 0n) < 0n, 'taken off')
  }
  t.end()
})
