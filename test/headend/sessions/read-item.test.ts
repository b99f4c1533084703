import type { Duplex } from 'node:stream'
import t from 'tap'
import { secondMs } from '../../../domain/time.js'
import { discoverMeter } from '../../../headend/sessions/discover-meter.js'
import { type Dlt645Line, openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { readItem } from '../../../headend/sessions/read-item.js'
import { readRequest } from '../../../protocols/dlt645/message.js'
import { inspectPayload } from '../../../protocols/inspection/inspect-dlt645.js'
import type { MeterHabits } from '../../../simulators/meter/description.js'
import { startRs485Line, type Rs485LineSettings } from '../../../simulators/rs485-line.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { createWorld, local, simulatedMeter, worldStart } from '../../support/field-world.js'

const address = '000000000001'
const all = { from: worldStart - 100 * 86_400_000, to: null }

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** A simulated line with one meter, and the head-end's way to open it. */
async function open(t: Teardown, habits: MeterHabits, line: Partial<Rs485LineSettings> = {}) {
  const { clock, network } = createWorld()
  const bus = await startRs485Line(
    {
      name: 'line',
      endpoint: local,
      baud: 2400,
      meters: [{ meter: simulatedMeter(1, { habits }), ...all }],
      damagedPermille: 0,
      outages: [],
      ...line,
    },
    { clock, network, random: createSeededRandom(4) },
  )
  const opened: Dlt645Line[] = []
  const openAt = (baud: number): Dlt645Line => {
    const connect = (): Promise<Duplex> => network.connect(bus.endpoint)
    const each = openDlt645Line({
      clock,
      connect,
      settings: { baud, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 },
    })
    opened.push(each)
    return each
  }
  t.teardown(async () => {
    for (const each of opened) each.close()
    await bus.close()
    clock.close()
  })
  return { bus, openAt, deadline: clock.now() + 60 * secondMs }
}

const block = readRequest('2007', address, '0506FF01')

await t.test('a long answer is fetched part by part', async (t) => {
  const { openAt, deadline } = await open(t, { partBytes: 60 })
  const line = openAt(2400)
  await line.ready(deadline)
  const outcome = await readItem(line, block)
  t.equal(outcome.kind, 'read')
  t.ok(outcome.exchanges.length > 4, `${outcome.exchanges.length} exchanges`)
  const values = outcome.kind === 'read' ? inspectPayload('2007', '0506FF01', outcome.payload) : []
  t.match(values[0], { name: 'frozenAt', state: 'ok' })
  t.ok(values.length > 60 && values.every(({ state }) => state !== 'invalid'))
})

await t.test('a part that noise destroys is asked for again', async (t) => {
  const { bus, openAt, deadline } = await open(t, { partBytes: 40 }, { damagedPermille: 200 })
  const line = openAt(2400)
  await line.ready(deadline)
  const outcomes = []
  for (let attempt = 0; attempt < 6; attempt += 1) outcomes.push(await readItem(line, block))
  t.ok(bus.counters().damagedReplies > 0)
  t.ok(
    outcomes.some(({ kind, exchanges }) => kind === 'read' && exchanges.some(({ response }) => response === null)),
    'a whole answer with a repeated part in it',
  )
})

await t.test('refusals and silence are told apart', async (t) => {
  const { openAt, deadline } = await open(t, { unknownItems: ['02......'] })
  const line = openAt(2400)
  await line.ready(deadline)
  t.match(await readItem(line, readRequest('2007', address, '02010100')), {
    kind: 'refused',
    reasons: ['no_such_data'],
  })
  t.match(await readItem(line, readRequest('2007', '000000000002', '00010000')), {
    kind: 'failed',
    cause: 'no_reply',
    exchanges: [{ response: null }],
  })
})

await t.test('an echoing adapter does not hide the reply', async (t) => {
  const { openAt, deadline } = await open(t, {}, { faults: { echo: true } })
  const line = openAt(2400)
  await line.ready(deadline)
  t.match(await readItem(line, readRequest('2007', address, '00010000')), { kind: 'read', address })
})

await t.test('a meter is found in either edition', async (t) => {
  for (const edition of ['2007', '1997'] as const) {
    const { openAt, deadline } = await open(t, { edition })
    t.match(await discoverMeter(openAt, {}, deadline), { kind: 'found', edition, address })
  }
})

await t.test('nobody is found where nobody is, and a line that cannot be opened is said', async (t) => {
  const { bus, openAt, deadline } = await open(t, {}, { meters: [] })
  t.same(await discoverMeter(openAt, {}, deadline), { kind: 'not_found', heardNoise: false })
  await bus.close()
  t.match(await discoverMeter(openAt, {}, worldStart + 1), { kind: 'line_down', reason: { code: 'ECONNREFUSED' } })
})
