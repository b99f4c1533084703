import t from 'tap'
import { dayMs, type Instant, minuteMs, secondMs } from '../../../domain/time.js'
import type { CollectedBatch } from '../../../headend/acquisition/attempt-log.js'
import { collectLine } from '../../../headend/acquisition/collect-line.js'
import type { FailureCause } from '../../../headend/acquisition/failure-cause.js'
import type { OpenRead } from '../../../headend/acquisition/line-reader.js'
import { noTraffic } from '../../../headend/sessions/line-counters.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'
import { registersOf } from '../../support/field-world.js'

const midnight = 0
const readMs = secondMs

interface Plan {
  readonly due: readonly (readonly [bigint, Instant])[]
  /** What the n-th attempt at a meter's midnight meets; a reading when nothing is said. */
  readonly meets?: (meterId: bigint, readAt: Instant, attempt: number) => FailureCause | null
  readonly reachable?: boolean
  readonly passes?: readonly Instant[]
  readonly endMs?: number
}

/** Runs a window over a reader that answers by plan; the log names what was tried, the causes what was recorded. */
async function run({
  due,
  meets = () => null,
  reachable = true,
  passes = [0, minuteMs, 5 * minuteMs],
  endMs = 10 * minuteMs,
}: Plan) {
  const clock = createVirtualClock(midnight)
  const tried: string[] = []
  const batches: CollectedBatch[] = []
  const outcome = await collectLine({
    clock,
    due: due.map(([meterId, readAt]): OpenRead => ({ meterId, readAt, communicationAddress: '', model: '' })),
    passStarts: passes,
    end: endMs,
    store: async (batch) => {
      batches.push(batch)
    },
    reader: {
      ready: async () => reachable,
      async read({ meterId, readAt }) {
        const name = `${meterId}@${readAt / dayMs}`
        const attempt = 1 + tried.filter((each) => each === name).length
        tried.push(name)
        await clock.sleep(readMs)
        const cause = meets(meterId, readAt, attempt)
        if (cause !== null) return { kind: 'failed', cause }
        const evidence = {
          protocol: 'dlt645_2007',
          request: null,
          response: Buffer.alloc(0),
          receivedAt: clock.now(),
        } as const
        const registers = registersOf(0, midnight)
        return {
          kind: 'read',
          reading: { meterId, readAt, registers, quantity: 'forward_active_energy', source: 'scheduled', ...evidence },
        }
      },
      counters: () => noTraffic,
      close: () => undefined,
    },
  })
  clock.close()
  const failures = batches.flatMap((batch) => batch.failures)
  return {
    outcome,
    tried: tried.join(' '),
    causes: failures.map(({ meterId, readAt, cause }) => `${meterId}@${readAt / dayMs} ${cause}`),
    largestBatch: Math.max(0, ...batches.map((batch) => batch.readings.length + batch.failures.length)),
  }
}

t.test('the due midnight of every meter comes before anybody’s backlog, newest first', async (t) => {
  const { tried, outcome } = await run({
    due: [
      [1n, -2 * dayMs],
      [2n, 0],
      [1n, 0],
      [1n, -dayMs],
      [2n, -dayMs],
    ],
  })
  t.equal(tried, '1@0 2@0 1@-1 2@-1 1@-2')
  t.match(outcome, { due: 5, read: 5, repaired: 0, open: 0 })
})

t.test('what was damaged is read in the next pass and counts as repaired', async (t) => {
  const { tried, outcome, causes } = await run({
    due: [
      [1n, 0],
      [2n, 0],
    ],
    meets: (meterId, _readAt, attempt) => (meterId === 1n && attempt === 1 ? 'damaged' : null),
  })
  t.equal(tried, '1@0 2@0 1@0')
  t.match(outcome, { due: 2, read: 2, repaired: 1, open: 0 })
  t.same(causes, ['1@0 damaged'])
})

t.test('a silent meter costs one attempt per pass, and its backlog is recorded as silent, too', async (t) => {
  const { tried, outcome, causes } = await run({
    due: [
      [1n, 0],
      [1n, -dayMs],
      [1n, -2 * dayMs],
      [2n, 0],
    ],
    meets: (meterId) => (meterId === 1n ? 'no_reply' : null),
  })
  t.equal(tried, '1@0 2@0 1@0 1@0')
  t.match(outcome, { due: 4, read: 1, repaired: 0, open: 3 })
  t.same(causes, ['1@0 no_reply', '1@0 no_reply', '1@0 no_reply', '1@-1 no_reply', '1@-2 no_reply'])
})

t.test('a midnight that the memory does not hold is asked for once, the others go on', async (t) => {
  const { tried, causes } = await run({
    due: [
      [1n, 0],
      [1n, -dayMs],
    ],
    meets: (_meterId, readAt) => (readAt === 0 ? 'no_freeze' : null),
  })
  t.equal(tried, '1@0 1@-1')
  t.same(causes, ['1@0 no_freeze'])
})

t.test('a line that cannot be reached is the cause for everything on it', async (t) => {
  const { tried, causes } = await run({
    due: [
      [1n, 0],
      [2n, 0],
    ],
    reachable: false,
  })
  t.equal(tried, '')
  t.same(causes, ['1@0 line_down', '2@0 line_down'])
})

t.test('what the window leaves no time for is said to be so', async (t) => {
  const { tried, outcome, causes } = await run({
    due: [
      [1n, 0],
      [2n, 0],
      [3n, 0],
    ],
    endMs: 2 * readMs,
  })
  t.equal(tried, '1@0 2@0')
  t.match(outcome, { due: 3, read: 2, repaired: 0, open: 1 })
  t.same(causes, ['3@0 window_over'])
})

t.test('what is held in memory is bounded', async (t) => {
  const { largestBatch, outcome } = await run({ due: Array.from({ length: 200 }, (_, index) => [BigInt(index), 0]) })
  t.equal(outcome.read, 200)
  t.equal(largestBatch, 64)
})
