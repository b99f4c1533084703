import t from 'tap'
import { createVirtualClock } from '../../simulators/virtual-clock.js'

const start = Date.parse('2026-03-01T00:00:00+08:00')

await t.test('fires by time, ties by order of creation, one at a time with the world quiet in between', async (t) => {
  const clock = createVirtualClock(start)
  const trace: string[] = []
  const note = (what: string) => trace.push(`${clock.now() - start} ${what}`)
  for (const [what, delayMs] of [
    ['c', 20],
    ['a', 10],
    ['b', 10],
    ['zero', 0],
  ] as const) {
    clock.setTimer(delayMs, () => {
      note(what)
      setImmediate(() => note(`after ${what}`))
    })
  }
  await clock.sleep(30)
  t.same(trace, ['0 zero', '0 after zero', '10 a', '10 after a', '10 b', '10 after b', '20 c', '20 after c'])
})

await t.test('a cancelled timer neither fires nor moves time', async (t) => {
  const clock = createVirtualClock(start)
  clock.setTimer(5, () => t.fail('cancelled')).cancel()
  await clock.sleep(10)
  clock.setTimer(5, () => t.fail('cancelled by another timer of the same instant')).cancel()
  t.equal(clock.now(), start + 10)
})

await t.test('time stands still while held, and a release counts once', async (t) => {
  const clock = createVirtualClock(start)
  const first = clock.hold()
  const second = clock.hold()
  let fired = false
  clock.setTimer(1, () => {
    fired = true
  })
  first()
  first()
  await turns(10)
  t.equal(fired, false)
  second()
  await turns(3)
  t.equal(fired, true)
})

await t.test('a hold taken between the quiet turns starts the count again', async (t) => {
  const clock = createVirtualClock(start)
  let fired = false
  clock.setTimer(1, () => {
    fired = true
  })
  await turns(1)
  clock.hold()()
  await turns(1)
  t.equal(fired, false)
  await turns(4)
  t.equal(fired, true)
})

await t.test('a closed clock fires nothing', async (t) => {
  const clock = createVirtualClock(start)
  clock.setTimer(1, () => t.fail('closed'))
  clock.close()
  await turns(5)
  t.equal(clock.now(), start)
})

await t.test('a delay that is no whole number of milliseconds is a broken assumption', async (t) => {
  t.throws(() => createVirtualClock(start).setTimer(0.5, () => {}), /whole number/)
})

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
