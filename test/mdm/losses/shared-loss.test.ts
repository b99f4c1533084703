import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { sharedLoss } from '../../../mdm/losses/shared-loss.js'

const plate = {
  ratedKva: 100n,
  noLoadLossKwE4: 1_0000n,
  loadLossKwE4: 5_0000n,
  noLoadCurrentE4: 2_0000n,
  impedanceE4: 4_0000n,
}
const time = { durationMs: 720 * hourMs, shapeE1: 10n }

function behind(usagePointId: bigint, kwh: bigint, isThrough = true) {
  const throughE4 = isThrough ? { active: kwh * 10_000n, reactive: 0n } : null
  return { usagePointId, borneE4: kwh * 10_000n, throughE4 }
}

t.test('the loss goes by what each bears, and its parts add up', (t) => {
  // 720 + 900 kWh; reactive 2 kvar · 720 h + 4 kvar · 720 h / 4.
  t.same(sharedLoss(plate, [behind(1n, 27_000n), behind(2n, 9_000n)], time), [
    { usagePointId: 1n, activeE4: 1215_0000n, reactiveE4: 1620_0000n },
    { usagePointId: 2n, activeE4: 405_0000n, reactiveE4: 540_0000n },
  ])
  t.same(
    sharedLoss(plate, [behind(1n, 36_000n), behind(2n, 12_000n, false)], time).map(({ activeE4 }) => activeE4),
    [1215_0000n, 405_0000n],
    'what another meter behind the transformer sees too went through once',
  )
  t.same(
    sharedLoss(plate, [behind(1n, 0n), behind(2n, 0n), behind(3n, 0n)], time).map(({ activeE4 }) => activeE4),
    [240_0000n, 240_0000n, 240_0000n],
    'equally where nobody used anything',
  )
  t.same(sharedLoss({ ...plate, impedanceE4: null }, [behind(1n, 0n)], time), [
    { usagePointId: 1n, activeE4: 720_0000n, reactiveE4: null },
  ])
  t.end()
})
