import t from 'tap'
import { createShiftedClock } from '../../../console/runtime/shifted-clock.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'

t.test('shows another time that runs alike, with the same timers', async (t) => {
  const clock = createVirtualClock(1_000_000)
  const shifted = createShiftedClock(clock, 5_000_000)
  t.equal(shifted.now(), 5_000_000)
  await shifted.sleep(250)
  t.equal(shifted.now(), 5_000_250)
  t.equal(clock.now(), 1_000_250)
  clock.close()
})
