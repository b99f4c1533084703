import t from 'tap'
import { shareOfLoss } from '../../../billing/checker/transformer-share.js'
import { judged } from '../../../billing/checker/verdict.js'

const plate = {
  ratedKva: '100',
  noLoadLossKw: '0.2',
  loadLossKw: '1.5',
  noLoadCurrentPercent: '1',
  impedancePercent: '4',
  loadShape: '1.2',
  from: '2026-06-30T16:00:00.000Z',
  to: '2026-07-31T16:00:00.000Z',
}

function shareE4(energies: readonly string[], own: number, isActive: boolean, change: object = {}): unknown {
  const points = energies.map((energy, index) => ({
    isOwn: index === own,
    borne: energy,
    active: energy,
    reactive: '0',
  }))
  const energy = { numerator: BigInt(Math.round(Number(energies[own]) * 10_000)), denominator: 10_000n }
  const cursor = { path: 'transformer', value: { ...plate, points, ...change } }
  return judged(() => Number(shareOfLoss(cursor, isActive, energy).numerator))
}

t.test('losses of a shared transformer, by hand', (t) => {
  // T = 744 h, W = 800 kWh: 0.2·744 + 1.2·800²·1.5/(100²·744) = 148.9548; by 600 : 200. Q: 744 + 1.2·800²·4/(100²·744) = 744.4129.
  const table: readonly (readonly [readonly string[], own: number, isActive: boolean, expectedE4: number])[] = [
    [['600', '200'], 0, true, 1_117_161],
    [['600', '200'], 1, true, 372_387],
    [['600', '200'], 0, false, 5_583_097],
    [['600', '200'], 1, false, 1_861_032],
    // Nobody used anything: 148.8 in three equal parts.
    [['0', '0', '0'], 0, true, 496_000],
  ]
  for (const [energies, own, isActive, expected] of table)
    t.equal(shareE4(energies, own, isActive), expected, `${energies.join(' : ')}, point ${own}`)
  t.match(shareE4(['600', '200'], 0, false, { impedancePercent: null }), { holds: false, node: /impedancePercent/ })
  t.match(shareE4(['600', '200'], 0, true, { points: [] }), { holds: false, node: 'transformer.points' })
  t.end()
})
