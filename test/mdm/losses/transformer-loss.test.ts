import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { transformerLossE4 } from '../../../mdm/losses/transformer-loss.js'

t.test('losses without load and under load, by hand', (t) => {
  const load = { ratedKva: 100n, activeE4: 36_000_0000n, reactiveE4: 0n, durationMs: 720 * hourMs, shapeE1: 10n }
  const plate = { noLoadE6: 1_000_000n, loadE6: 5_000_000n }
  const cases: readonly [string, Partial<typeof load>, bigint][] = [
    // 1 kW · 720 h, and at half load (50 kVA of 100) a quarter of 5 kW · 720 h.
    ['a load that never changes', {}, 720_0000n + 900_0000n],
    ['one shift', { shapeE1: 36n }, 720_0000n + 3240_0000n],
    ['nothing used', { activeE4: 0n }, 720_0000n],
    ['with as much reactive energy', { reactiveE4: 36_000_0000n }, 720_0000n + 1800_0000n],
    ['half the time at the same energy', { durationMs: 360 * hourMs }, 360_0000n + 1800_0000n],
  ]
  for (const [title, part, expected] of cases) t.equal(transformerLossE4(plate, { ...load, ...part }), expected, title)
  t.end()
})
