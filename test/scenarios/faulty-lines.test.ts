import t from 'tap'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { type Instant, minuteMs, secondMs } from '../../domain/time.js'
import { createLineQueue } from '../../headend/schedule/line-queue.js'
import { usualReprobe } from '../../headend/schedule/reprobe.js'
import { parseMessage, readRequest } from '../../protocols/dlt645/message.js'
import { decodeFrame, encodeFrame, type Frame } from '../../protocols/dlt645/frame.js'
import { encodeDataReply } from '../../protocols/dlt645/messages-2007.js'
import type { LineMeter } from '../../simulators/line-meters.js'
import type { Dlt645Meter } from '../../simulators/meter/dlt645-meter.js'
import { addressOf, simulatedMeter } from '../support/field-world.js'
import { type LineScene, runScene, windowOf } from '../support/line-scene.js'

// Lines on which everything goes wrong that goes wrong in the field, beside what the meters really showed.

const ordinals = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const onLine = (meters: readonly Dlt645Meter[]): readonly LineMeter[] =>
  meters.map((meter) => ({ meter, from: 0, to: null }))
const meter = (ordinal: number) => simulatedMeter(ordinal)

/** A meter that says something else than it should, or something more. */
function answering(honest: Dlt645Meter, answer: (frame: Frame, now: Instant) => Buffer | null): Dlt645Meter {
  return { address: honest.address, answer }
}

function countOf<T>(all: readonly T[], keyOf: (each: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const each of all) counts[keyOf(each)] = 1 + (counts[keyOf(each)] ?? 0)
  return counts
}

for (const parity of ['even', 'none'] as const)
  for (const errorsPerMillionBits of [100, 1000])
    t.test(`${errorsPerMillionBits} wrong bits in a million, parity ${parity}: no wrong value is taken`, async (t) => {
      const scene: LineScene = {
        due: ordinals(60),
        nights: errorsPerMillionBits === 100 ? 3 : 1,
        parity,
        faults: { noise: { errorsPerMillionBits, parity } },
        passesMs: [0, 5, 15, 30, 60, 90, 120, 150].map((minutes) => minutes * minuteMs),
      }
      const { outcome, wrong, failures, onTheLine } = await runScene(scene)
      t.same(wrong, [])
      t.ok(outcome.read >= (errorsPerMillionBits === 100 ? 180 : 50), `${outcome.read} of ${outcome.due} read`)
      t.ok(onTheLine.damagedReplies > 3, `${onTheLine.damagedReplies} replies were damaged`)
      const causes = countOf(failures, ({ cause }) => cause)
      t.same(Object.keys(causes).toSorted(), ['damaged', 'no_reply'], 'with the true causes')
      t.comment(JSON.stringify({ read: outcome.read, causes }))
    })

/** What no checksum and no sum can see: two bits that cancel each other, in the same place of two tariffs. */
function withSilentError(honest: Dlt645Meter, nth: (count: number) => boolean): Dlt645Meter {
  let count = 0
  return answering(honest, (frame, now) => {
    const reply = honest.answer(frame, now)
    const message = parseMessage(frame)
    if (reply === null || message?.dataIdentifier?.startsWith('050601') !== true) return reply
    count += 1
    return nth(count) ? exchanged(reply) : reply
  })
}

/** A count more on the second tariff and one less on the fourth: checksum and sum stay. */
function exchanged(reply: Buffer): Buffer {
  const decoded = decodeFrame(reply.subarray(reply.indexOf(0x68)))
  if (!decoded.ok) return reply
  const data = Buffer.from(decoded.value.data)
  const identifierBytes = 4
  for (const [register, step] of [
    [2, 1],
    [4, -1],
  ] as const) {
    const at = identifierBytes + 4 * register + 1
    data[at] = ((data[at] ?? 0) + step) & 0xff
  }
  return encodeFrame({ ...decoded.value, data }, { wakeUpBytes: 4 })
}

t.test('an error that keeps checksum and sum is caught by the second reading where bytes have no parity', async (t) => {
  const due = ordinals(12)
  const meters = due.map((ordinal) => withSilentError(meter(ordinal), (count) => count % 3 === 1))
  const { outcome, wrong, counters } = await runScene({ due, parity: 'none', meters: onLine(meters) })
  t.same(wrong, [])
  t.equal(outcome.read, 12)
  t.equal(counters.requests, 12 * 6, 'three readings of two exchanges each, of which two agree')
})

t.test('tariffs that do not add up are read again whatever the parity', async (t) => {
  const due = ordinals(4)
  const meters = due.map((ordinal) => {
    const honest = meter(ordinal)
    let count = 0
    return answering(honest, (frame, now) => {
      const reply = honest.answer(frame, now)
      if (reply === null || parseMessage(frame)?.dataIdentifier?.startsWith('050601') !== true) return reply
      count += 1
      return count === 1 ? withTotalOff(reply) : reply
    })
  })
  const { outcome, wrong } = await runScene({ due, meters: onLine(meters) })
  t.same(wrong, [])
  t.equal(outcome.read, 4)
})

/** Ten counts more in the total, under a checksum of its own. */
function withTotalOff(reply: Buffer): Buffer {
  const decoded = decodeFrame(reply.subarray(reply.indexOf(0x68)))
  if (!decoded.ok) return reply
  const data = Buffer.from(decoded.value.data)
  data[4] = (data[4] ?? 0) ^ 0x10
  return encodeFrame({ ...decoded.value, data }, { wakeUpBytes: 4 })
}

t.test('a line that flaps gets everything in the end, and its failures are the line’s', async (t) => {
  const { start } = windowOf({ due: [] })
  const outages = Array.from({ length: 6 }, (_, nth) => ({
    from: start + nth * 20 * secondMs + 7 * secondMs,
    to: start + nth * 20 * secondMs + 15 * secondMs,
  }))
  const { outcome, failures, wrong } = await runScene({ due: ordinals(60), nights: 2, outages })
  t.same(wrong, [])
  t.equal(outcome.open, 0)
  t.same(Object.keys(countOf(failures, ({ cause }) => cause)), ['line_down'])
})

t.test('somebody who babbles does not keep the others from being read', async (t) => {
  const { outcome, failures, wrong, onTheLine } = await runScene({
    due: ordinals(30),
    faults: { babble: { everyMs: 3 * secondMs, bytes: 60 } },
    passesMs: [0, 5, 10, 15, 20].map((minutes) => minutes * minuteMs),
  })
  t.same(wrong, [])
  t.equal(outcome.open, 0)
  t.ok(onTheLine.collisions > 5)
  t.ok(
    failures.every(({ cause }) => cause === 'damaged' || cause === 'no_reply'),
    'with the true cause',
  )
})

t.test('two meters of one address are heard as noise, and the rest of the line goes on', async (t) => {
  const due = ordinals(20)
  const twin = simulatedMeter(7, {
    source: { registersAt: () => ({ totalE4: 5_000_000n, touE4: [null, null, null, null] }) },
  })
  const { outcome, failures, readings, wrong } = await runScene({ due, meters: onLine([...due.map(meter), twin]) })
  t.same(wrong, [])
  t.equal(outcome.read, 19)
  t.notOk(readings.some(({ meterId }) => meterId === 7n))
  t.same(
    countOf(failures, ({ meterId, cause }) => `${meterId} ${cause}`),
    { '7 damaged': 3 },
  )
})

t.test('a meter that answers for a silent neighbour is not believed', async (t) => {
  const due = ordinals(10)
  const impostor = answering(meter(4), (frame, now) =>
    meter(4).answer(frame.address === addressOf(5) ? { ...frame, address: addressOf(4) } : frame, now),
  )
  const others = due.filter((ordinal) => ordinal !== 4 && ordinal !== 5).map(meter)
  const { outcome, failures, readings, wrong } = await runScene({ due, meters: onLine([...others, impostor]) })
  t.same(wrong, [])
  t.equal(outcome.read, 9)
  t.notOk(readings.some(({ meterId }) => meterId === 5n))
  t.same(
    countOf(failures, ({ meterId, cause }) => `${meterId} ${cause}`),
    { '5 wrong_answer': 3 },
  )
})

t.test('a meter that answers with an item it was not asked for is not believed', async (t) => {
  const due = ordinals(10)
  const stubborn = answering(meter(3), (frame, now) => {
    const asked = parseMessage(frame)
    if (frame.address !== addressOf(3) || asked === null) return null
    return meter(3).answer({ ...frame, data: Buffer.from([0, 0, 1, 0]) }, now)
  })
  const others = due.filter((ordinal) => ordinal !== 3).map(meter)
  const { outcome, failures, wrong } = await runScene({ due, meters: onLine([...others, stubborn]) })
  t.same(wrong, [])
  t.equal(outcome.read, 9)
  t.same(
    countOf(failures, ({ meterId, cause }) => `${meterId} ${cause}`),
    { '3 wrong_answer': 3 },
  )
})

t.test('values that are BCD and cannot be are kept from the readings, with the reason', async (t) => {
  const payloads = { notBcd: Buffer.alloc(20, 0xab), absent: Buffer.alloc(20, 0xff), short: Buffer.alloc(3) }
  const due = ordinals(6)
  const strange = Object.values(payloads).map((payload, index) => {
    const honest = meter(index + 1)
    return answering(honest, (frame, now) => {
      const asked = parseMessage(frame)
      if (frame.address !== honest.address() || asked?.dataIdentifier?.startsWith('050601') !== true)
        return honest.answer(frame, now)
      return encodeDataReply(frame.address, asked.dataIdentifier, payload, { wakeUpBytes: 4 })
    })
  })
  const { outcome, failures, wrong } = await runScene({ due, meters: onLine([...strange, ...[4, 5, 6].map(meter)]) })
  t.same(wrong, [])
  t.equal(outcome.read, 3)
  t.match(
    countOf(failures, ({ meterId, cause }) => `${meterId} ${cause}`),
    {
      '1 invalid_value': 3,
      '2 no_freeze': 1,
      '3 invalid_value': 3,
    },
  )
})

t.test('whoever can be reached for ten minutes in the window is read', async (t) => {
  const random = createSeededRandom(4)
  const { start, end } = windowOf({ due: [] })
  const due = ordinals(40)
  const meters = due.map((ordinal): LineMeter => {
    const from = start + random.below(end - start - 10 * minuteMs, 'reachable', ordinal)
    return { meter: meter(ordinal), from, to: from + 10 * minuteMs }
  })
  const { outcome, wrong, counters } = await runScene({
    due,
    meters,
    passesMs: [0, 10 * minuteMs],
    options: { reprobe: usualReprobe },
  })
  t.same(wrong, [])
  t.equal(outcome.open, 0, `${outcome.open} of ${outcome.due} are open`)
  t.comment(`${counters.timeouts} probes met silence`)
})

t.test('a storm of requests while the line is polled costs no planned read, and nobody waits for long', async (t) => {
  const due = ordinals(60)
  const longestWaitMs = 20 * secondMs
  const quiet = await runScene({ due })
  // The window has room for the plan and for half as much again.
  const endMs = Math.ceil(quiet.tookMs * 1.5)
  const waits: number[] = []
  const refusals: string[] = []
  const scene: LineScene = {
    due,
    endMs,
    passesMs: [0],
    meanwhile: ({ clock, line }) => {
      const queue = createLineQueue({ clock, longestWaitMs })
      Object.assign(scene, { options: { queue, airtimeMs: () => quiet.tookMs / due.length } })
      const random = createSeededRandom(9)
      void (async () => {
        for (let nth = 0; nth < 400; nth += 1) {
          await clock.sleep(random.below(200, 'storm', nth))
          const askedAt = clock.now()
          const request = readRequest('2007', addressOf(1 + (nth % 60)), '00010000')
          const { admission } = queue.admit({
            key: `request ${nth}`,
            meterId: BigInt(1 + (nth % 60)),
            releaseAt: askedAt,
            deadline: askedAt + 60 * secondMs,
            priority: 0,
            airtimeMs: 300,
            async run() {
              waits.push(clock.now() - askedAt)
              const { outcome } = await line.exchange(request)
              return outcome.kind === 'data' ? { kind: 'done' } : { kind: 'failed', cause: 'damaged' }
            },
          })
          if (admission.kind === 'refused') refusals.push(admission.reason)
        }
      })()
    },
  }
  const { outcome, wrong, failures } = await runScene(scene)
  t.same(wrong, [])
  t.same(outcome, quiet.outcome, 'the plan got what it gets on a quiet night')
  t.same(failures, [])
  const p95 = waits.toSorted((a, b) => a - b)[Math.floor(0.95 * waits.length)] ?? 0
  t.ok(p95 <= longestWaitMs, `p95 is ${p95} ms`)
  t.ok(waits.length > 30, `${waits.length} were answered`)
  t.ok(refusals.length > 30, JSON.stringify(countOf(refusals, (each) => each)))
  t.comment(`${waits.length} answered, p95 ${p95} ms, refused ${JSON.stringify(countOf(refusals, (each) => each))}`)
})
