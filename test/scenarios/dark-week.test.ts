import t from 'tap'
import { present } from '../../domain/result.js'
import { type Endpoint, holding, type Network } from '../../domain/runtime.js'
import type { Socket } from 'node:net'
import { addDays, beijing, dayMs, hourMs, minuteMs } from '../../domain/time.js'
import { startHeadEnd } from '../../headend/head-end.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { startBroker } from '../../simulators/broker.js'
import { startConcentrator } from '../../simulators/concentrator.js'
import { usualWindows } from '../../storage/headend/due-windows.js'
import { dueOutcomes } from '../../storage/headend/outcomes.js'
import { openDatabase } from '../../storage/database.js'
import { withDatabase } from '../support/database.js'
import {
  createWorld,
  firstMidnight,
  local,
  plantRegistry,
  registersOf,
  simulatedMeter,
  type World,
} from '../support/field-world.js'

const nights = 10
/** The uplink is cut on the evening before the second night and comes back at noon a week later. */
const darkFrom = firstMidnight + 20 * hourMs
const darkTo = darkFrom + 7 * dayMs - 8 * hourMs
const dark = { code: 'C-dark', lineId: 1, meters: [1, 2, 3, 4, 5] }
const lit = { code: 'C-lit', lineId: 2, meters: [11, 12, 13] }

/** A network whose connections are cut at one instant and refused until another. */
function interrupted({ clock, network }: World): Network {
  const open = new Set<Socket>()
  clock.setTimer(darkFrom - clock.now(), () => {
    for (const socket of open) socket.destroy()
  })
  return {
    ...network,
    async connect(endpoint: Endpoint) {
      if (clock.now() >= darkFrom && clock.now() < darkTo) throw new Error('no carrier')
      const socket = await network.connect(endpoint)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      return socket
    },
  }
}

interface Teardown {
  readonly teardown: (act: () => Promise<unknown>) => void
}

/** Given two concentrators, when one of them cannot reach anybody for a week and the head-end goes on reading each night … */
async function tellStory(t: Teardown) {
  const world = createWorld()
  const { clock, network, random } = world
  const release = clock.hold()
  const broker = await startBroker(local, network)
  const brokerUrl = `mqtt://127.0.0.1:${broker.endpoint.port}`
  const concentrators = await Promise.all(
    [dark, lit].map(({ code, meters }) =>
      startConcentrator(
        {
          code,
          broker: broker.endpoint,
          profile: ownEnvelope,
          meters: meters.map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
          collectAtMinute: 20,
          metersPerBatch: 2,
          receiptTimeoutMs: 30 * minuteMs,
          duplicatedPermille: 200,
        },
        { clock, random, network: code === dark.code ? interrupted(world) : network },
      ),
    ),
  )
  const tables = await withDatabase(t)
  await plantRegistry(
    tables.as('owner'),
    [dark, lit].map(({ code, lineId, meters }) => ({
      lineId,
      code,
      meters,
      kind: 'mqtt_concentrator' as const,
      settings: { brokerUrl, uploadTopic: `metering/${code}/up`, receiptTopic: `metering/${code}/receipt` },
    })),
  )
  const database = openDatabase({ url: tables.url('headend'), clock })
  const headEnd = await startHeadEnd({ database, clock, network, node: 'test' })
  t.teardown(async () => {
    await headEnd.close()
    await Promise.all(concentrators.map((concentrator) => concentrator.close()))
    await broker.close()
    await database.close()
    clock.close()
  })
  release()
  const reader = tables.as('reader')
  const openAtSeven = []
  for (let night = 0; night < nights; night += 1) {
    const midnight = firstMidnight + night * dayMs
    await clock.sleep(Math.max(0, midnight - clock.now()))
    await headEnd.collectWindow(midnight)
    await clock.sleep(midnight + 7 * hourMs - clock.now())
    await headEnd.uploadsCommitted()
    const outcomes = await holding(clock, () => dueOutcomes(reader, { from: firstMidnight, to: midnight + 1 }))
    openAtSeven.push(outcomes.reduce((sum, { open }) => sum + open, 0))
  }
  // The story is over: time stands still while its outcome is looked at.
  const end = clock.hold()
  t.teardown(async () => end())
  return { reader, openAtSeven, counters: concentrators.map((concentrator) => concentrator.counters()) }
}

t.test('a concentrator that nobody could reach for a week brings every night of it when it comes back', async (t) => {
  const { reader, openAtSeven, counters } = await tellStory(t)
  const each = dark.meters.length
  t.same(
    openAtSeven,
    [0, 1, 2, 3, 4, 5, 6, 7, 0, 0].map((night) => night * each),
    'open due points each morning at seven',
  )
  for (const { waiting } of counters) t.equal(waiting, 0, 'nothing waits for its receipt')

  const outcomes = await dueOutcomes(reader, { from: firstMidnight, to: firstMidnight + nights * dayMs })
  for (const { lineCode, readAt, due, backFilled, open } of outcomes) {
    const missed = lineCode === dark.code && readAt > darkFrom && readAt + usualWindows.daily_freeze < darkTo
    t.equal(backFilled, missed ? due : 0, `${lineCode} ${beijing.dateAt(readAt)}: fetched later`)
    t.equal(open, 0)
  }

  const rows = await reader.query<{ meter_id: bigint; read_at: number; total_e4: bigint; source: number }>(
    'select meter_id, read_at, total_e4, source from reading_claims order by meter_id, read_at',
  )
  t.equal(rows.length, nights * (dark.meters.length + lit.meters.length), 'each key once, whatever came twice')
  const wrong = rows.filter((row) => row.total_e4 !== registersOf(Number(row.meter_id), row.read_at).totalE4)
  t.same(wrong, [], 'each value is what the meter had counted')
  const last = present(rows.at(-1), 'a reading')
  t.equal(beijing.dateAt(last.read_at), addDays(beijing.dateAt(firstMidnight), nights - 1))
})
