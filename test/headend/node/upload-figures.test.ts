import { Aedes } from 'aedes'
import { connectAsync } from 'mqtt'
import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { beijing, hourMs } from '../../../domain/time.js'
import type { ConcentratorLine } from '../../../headend/concentrators/uplink.js'
import { parseLine } from '../../../headend/line-settings.js'
import { createUploadTally, type UploadsCommitted } from '../../../headend/metrics/upload-tally.js'
import { createUploads } from '../../../headend/node/uploads.js'
import { encodeUpload } from '../../../protocols/concentrator/messages.js'
import { encodeItem, identifierOf } from '../../../protocols/dlt645/data-items.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { openDatabase } from '../../../storage/database.js'
import { loadLines } from '../../../storage/headend/lines.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, local, plantRegistry, registersOf } from '../../support/field-world.js'
import { until } from './node-field.js'

const midnight = beijing.startOfDay('2026-07-02')
const clock = { ...createRealClock(), now: () => midnight + hourMs }

function uploadOf(batch: number): Buffer {
  const address = addressOf(11)
  const item = (name: 'daily_freeze_stamp' | 'daily_freeze_forward_active', value: Buffer) => ({
    frame: encodeDataReply(address, identifierOf(name, 1), value),
  })
  const items = [
    item('daily_freeze_stamp', encodeItem('daily_freeze_stamp', midnight)),
    item('daily_freeze_forward_active', encodeItem('daily_freeze_forward_active', registersOf(11, midnight))),
  ]
  return encodeUpload({ concentrator: 'c1', batch, items })
}

await t.test('what a broker brings is counted from the message to the receipt, over connections', async (t) => {
  const network = createRealNetwork()
  const aedes = await Aedes.createBroker()
  const listener = await network.listen(local, (socket) => aedes.handle(socket))
  const brokerUrl = `mqtt://127.0.0.1:${listener.endpoint.port}`
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'c1', kind: 'mqtt_concentrator', settings: { brokerUrl }, meters: [11] },
  ])
  await ensureTimePartitions(owner, midnight, midnight + hourMs)
  const database = openDatabase({ url: databases.url('headend'), clock, connections: 2 })
  const lines = (await loadLines(database)).flatMap((row): readonly ConcentratorLine[] => {
    const line = parseLine(row)
    return line.ok && line.value.kind === 'mqtt_concentrator' ? [line.value] : []
  })
  const tally = createUploadTally()
  const batches: UploadsCommitted[] = []
  const nothing = (): void => undefined
  const uploads = createUploads({
    database,
    clock,
    network,
    owner: 'node-1',
    brokers: [],
    log: nothing,
    onTrouble: nothing,
    tally,
    onCommitted: (batch) => void batches.push(batch),
    onCommitFailed: nothing,
  })
  const device = await connectAsync(brokerUrl, { clientId: 'device' })
  t.teardown(async () => {
    await device.endAsync()
    await uploads.close()
    await database.close()
    await new Promise<void>((closed) => aedes.close(() => closed()))
    await listener.close()
  })
  const plan = { windowOpensMs: 0, tables: { exchangesApprovedBy: 'person' } as const }
  await uploads.follow(lines, plan)
  const send = (topic: string, payload: Buffer) => device.publishAsync(topic, payload, { qos: 1 })
  const committed = (pick: (batch: UploadsCommitted) => number) => batches.reduce((sum, batch) => sum + pick(batch), 0)
  await send('metering/c1/up', uploadOf(1))
  await until('the first is stored', async () => committed(({ messages }) => messages) === 1)
  await send('metering/c1/up', uploadOf(1))
  await send('metering/c9/up', uploadOf(2))
  await until('all are stored', async () => committed(({ messages }) => messages) === 3)
  await until('receipts are out', async () => tally.receipts.sent === 2)
  // A change of the plan connects anew; the totals go on.
  await uploads.follow(lines, { ...plan, windowOpensMs: 1 })
  await send('metering/c1/up', uploadOf(3))
  await until('the fourth is stored', async () => committed(({ messages }) => messages) === 4)
  const [received] = [...tally.received.values()]
  t.equal(tally.received.size, 1)
  t.match(received, { up: 3, unknown: 1, response: 0 })
  t.equal(
    committed(({ stored }) => stored),
    1,
  )
  t.equal(
    committed(({ repeated }) => repeated),
    2,
  )
  t.equal(
    committed(({ quarantined }) => quarantined.get('unknown_line') ?? 0),
    1,
  )
  t.match(uploads.brokers(), [{ url: brokerUrl, connected: true }])
})
