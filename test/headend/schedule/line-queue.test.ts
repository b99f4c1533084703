import t from 'tap'
import { secondMs } from '../../../domain/time.js'
import type { JobOutcome, LineJob } from '../../../headend/schedule/line-job.js'
import { createLineQueue } from '../../../headend/schedule/line-queue.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'

function world() {
  const clock = createVirtualClock(0)
  const queue = createLineQueue({ clock })
  const ran: string[] = []
  let running = 0
  const job = (key: string, more: Partial<LineJob> = {}): LineJob => ({
    key,
    meterId: 1n,
    releaseAt: 0,
    deadline: 100 * secondMs,
    priority: 0,
    airtimeMs: secondMs,
    async run(): Promise<JobOutcome> {
      running += 1
      ran.push(`${key}@${clock.now() / secondMs}${running > 1 ? ' into another' : ''}`)
      await clock.sleep(secondMs)
      running -= 1
      return { kind: 'done' }
    },
    ...more,
  })
  return { clock, queue, ran, job }
}

t.test('jobs go by deadline, then by priority, and only when they are released', async (t) => {
  const { clock, queue, ran, job } = world()
  queue.add(job('b', { priority: 2 }))
  queue.add(job('a', { priority: 1 }))
  queue.add(job('soon', { deadline: 50 * secondMs, priority: 9 }))
  queue.add(job('later', { releaseAt: 10 * secondMs, deadline: 20 * secondMs }))
  t.equal(queue.add(job('a')), false, 'a key is taken once')
  await queue.runReleased(100 * secondMs)
  t.same(ran, ['soon@0', 'a@1', 'b@2'])
  await queue.serveUntil(15 * secondMs)
  t.same(ran.at(-1), 'later@10')
  t.equal(clock.now(), 15 * secondMs)
  clock.close()
})

t.test('nothing begins at its deadline or after the end of the window', async (t) => {
  const { clock, queue, ran, job } = world()
  queue.add(job('in time', { deadline: secondMs }))
  queue.add(job('missed', { deadline: secondMs, priority: 1 }))
  queue.add(job('other', { deadline: 90 * secondMs }))
  await queue.runReleased(1.5 * secondMs)
  t.same(ran, ['in time@0', 'other@1'])
  t.same(queue.planned(), [])
  clock.close()
})

t.test('a long job has the line for itself; who asks meanwhile comes next, and is told when', async (t) => {
  const { clock, queue, ran, job } = world()
  const long = { airtimeMs: 30 * secondMs }
  queue.add(
    job('long', {
      ...long,
      async run() {
        ran.push('long begins')
        await clock.sleep(30 * secondMs)
        ran.push('long ends')
        return { kind: 'done' }
      },
    }),
  )
  queue.add(job('planned', { priority: 1 }))
  const running = queue.runReleased(100 * secondMs)
  await clock.sleep(5 * secondMs)
  const asked = queue.admit(job('asked', { deadline: 40 * secondMs }))
  t.same(asked.admission, { kind: 'later', startsAt: 30 * secondMs })
  await running
  t.same(ran, ['long begins', 'long ends', 'asked@30', 'planned@31'])
  t.same(await asked.outcome, { kind: 'done' })
  clock.close()
})

t.test('a line that rests between two passes answers at once', async (t) => {
  const { clock, queue, ran, job } = world()
  const serving = queue.serveUntil(60 * secondMs)
  await clock.sleep(20 * secondMs)
  const asked = queue.admit(job('asked'))
  t.same(asked.admission, { kind: 'now' })
  t.same(await asked.outcome, { kind: 'done' })
  t.same(ran, ['asked@20'])
  await serving
  t.equal(clock.now(), 60 * secondMs)
  clock.close()
})

t.test('a request that fails fails for whoever asked, and the line goes on', async (t) => {
  const { clock, queue, ran, job } = world()
  queue.add(job('planned'))
  const asked = queue.admit(job('asked', { run: () => Promise.reject(new Error('no such item')) }))
  await queue.runReleased(100 * secondMs)
  await t.rejects(asked.outcome, { message: 'no such item' })
  t.same(ran, ['planned@0'])
  clock.close()
})

t.test('a closed line refuses, and those who wait hear that nothing came of it', async (t) => {
  const { clock, queue, job } = world()
  const waiting = queue.admit(job('waiting'))
  queue.close()
  t.equal(await waiting.outcome, null)
  t.same(queue.admit(job('late')).admission, { kind: 'refused', reason: 'line_closed', missingMs: 0 })
  clock.close()
})
