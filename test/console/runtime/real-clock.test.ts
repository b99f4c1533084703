import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'

await t.test('fires in the order of the delays, and never what was cancelled', async (t) => {
  const clock = createRealClock()
  const order: string[] = []
  // Far enough apart for a machine that stands still for a moment between these lines.
  clock.setTimer(500, () => order.push('second'))
  clock.setTimer(10, () => order.push('first'))
  clock.setTimer(15, () => order.push('cancelled')).cancel()
  await clock.sleep(600)
  t.same(order, ['first', 'second'])
})

await t.test('a delay beyond the system’s limit does not fire at once', async (t) => {
  const clock = createRealClock()
  const timer = clock.setTimer(2 ** 32, () => t.fail('fired'))
  await clock.sleep(5)
  timer.cancel()
})

await t.test('a hold does not stop it', async (t) => {
  const clock = createRealClock()
  const release = clock.hold()
  const before = clock.now()
  await clock.sleep(20)
  release()
  t.ok(clock.now() > before, 'time went on')
})

await t.test('waits and spans are what they are while the machine’s clock is set back', async (t) => {
  const clock = createRealClock()
  const began = clock.elapsed()
  const waited = clock.sleep(50)
  const machine = Date.now
  t.teardown(() => (Date.now = machine))
  Date.now = () => machine() - 60_000
  await waited
  const tookMs = clock.elapsed() - began
  t.ok(tookMs >= 50 && tookMs < 30_000, `${tookMs} ms`)
})
