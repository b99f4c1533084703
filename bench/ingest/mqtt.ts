import { MqttClient } from 'mqtt'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { connect } from 'node:net'
import { present } from '../../domain/result.js'
import { receiveUploads } from '../../headend/ingest/receive-uploads.js'
import { readUpload } from '../../headend/ingest/upload-readings.js'
import { parseLine } from '../../headend/line-settings.js'
import { parseUpload } from '../../protocols/concentrator/messages.js'
import type { Database } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { type BenchResult, result } from '../bench-report.js'
import type { BenchDatabase } from '../bench-database.js'
import { type BenchBroker, startPublisher } from './broker-and-publisher.js'
import type { FieldPlan } from './field-plan.js'
import type { Published } from './publisher.js'

/** The slow peer sees this share of the messages; compared per message. */
const insertEachShare = 10

const node = 'bench'

export interface MqttRun {
  readonly broker: BenchBroker
  readonly database: BenchDatabase
  /** One connection under the head-end's role. */
  readonly headend: Database
  readonly plan: FieldPlan
  readonly messages: number
}

/**
 * Uploads with QoS 1 through one broker from a publisher in a process of its own, to three subscribers one after the other: the
 * product, which publishes a receipt for each and acknowledges after the commit; one that acknowledges at once and discards; one that
 * inserts each reading by itself and acknowledges then.
 */
export async function measureMqtt(run: MqttRun): Promise<readonly BenchResult[]> {
  const size = run.plan.readingsPerUpload
  const ours = await throughProduct(run, null)
  const discard = await throughDiscarding(run)
  const paced = await throughProduct({ ...run, messages: Math.ceil(5 * ours.perSecond * 0.5) }, ours.perSecond * 0.5)
  const label = size === 1 ? 'one reading each' : `${size} readings each`
  const results = [
    result('mqtt_messages_vs_discard', ours.perSecond, `messages/s, ${label}`, {
      name: 'subscriber that acknowledges at once and discards',
      value: discard,
      ratio: ours.perSecond / discard,
    }),
    result('mqtt_readings', ours.perSecond * size, `readings/s, ${label}`),
    result('mqtt_publish_to_receipt_p50', present(paced.p50Ms, 'p50'), `ms at half that rate, ${label}`),
    result('mqtt_publish_to_receipt_p99', present(paced.p99Ms, 'p99'), `ms at half that rate, ${label}`),
  ]
  if (size > 1) return results
  const each = await throughInsertEach({ ...run, messages: Math.ceil(run.messages / insertEachShare) })
  return [
    ...results,
    result('mqtt_messages_vs_insert_each', ours.perSecond, `messages/s, ${label}`, {
      name: 'client with one INSERT per message, acknowledged after its commit',
      value: each,
      ratio: ours.perSecond / each,
    }),
  ]
}

async function throughProduct(
  { broker, database, headend, plan, messages }: MqttRun,
  perSecond: number | null,
): Promise<Published & { readonly perSecond: number }> {
  await empty(database)
  await forgetSession(broker)
  const lines = (await loadLines(headend)).map((row) => {
    const line = parseLine(row)
    if (!line.ok || line.value.kind !== 'mqtt_concentrator') throw new Error('a line of the bench is a concentrator')
    return line.value
  })
  const receiver = await receiveUploads({
    database: headend,
    clock: createRealClock(),
    network: createRealNetwork(),
    owner: node,
    lines,
    windowOpensMs: 0,
  })
  const publisher = await startPublisher({ port: broker.port, plan, messages, perSecond, receipts: true })
  const published = await publisher.go()
  await receiver.close()
  await requireRows(database.owner, 'reading', messages * plan.readingsPerUpload)
  return { ...published, perSecond: messages / published.seconds }
}

/** What the peers were sent waits in the product's persistent session, too. */
async function forgetSession({ port }: BenchBroker): Promise<void> {
  const client = await openClient(port, `shuangwu-headend-${node}`)
  await client.endAsync()
}

async function openClient(port: number, clientId: string): Promise<MqttClient> {
  const client = new MqttClient(() => connect({ port, host: '127.0.0.1', noDelay: true }), { clientId, clean: true })
  await new Promise<void>((connected) => client.once('connect', () => connected()))
  return client
}

async function throughDiscarding({ broker, plan, messages }: MqttRun): Promise<number> {
  return throughClient(broker, plan, messages, (client, done) => {
    let seen = 0
    client.on('message', () => {
      seen++
      if (seen === messages) done()
    })
  })
}

async function throughInsertEach({ broker, database, headend, plan, messages }: MqttRun): Promise<number> {
  await empty(database)
  const perSecond = await throughClient(broker, plan, messages, (client, done) => {
    let seen = 0
    const store = async (payload: Buffer, acknowledge: () => void): Promise<void> => {
      await insertOne(headend, payload)
      acknowledge()
      seen++
      if (seen === messages) done()
    }
    client.handleMessage = ({ payload }, acknowledge) => {
      void store(Buffer.from(payload), acknowledge)
    }
  })
  await requireRows(database.owner, 'reading', messages)
  return perSecond
}

/** One statement and one commit for one reading, without looking the meter up and without its frame. */
async function insertOne(database: Database, payload: Buffer): Promise<void> {
  const upload = parseUpload(payload)
  if (!upload.ok) return
  for (const { communicationAddress, stamp, registers } of readUpload(upload.value.items.map(({ frame }) => frame))
    .freezes) {
    await database.execute(
      `insert into reading (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, recorded_at)
       values ($1, 1, $2, $3, $4, $5, $6, $7, 1, now()) on conflict do nothing`,
      [Number(communicationAddress), toTimestamptz(stamp), registers.totalE4, ...registers.touE4],
    )
  }
}

/** Messages a second from the first publish until `listen` says that it has the last. */
async function throughClient(
  { port }: BenchBroker,
  plan: FieldPlan,
  messages: number,
  listen: (client: MqttClient, done: () => void) => void,
): Promise<number> {
  const client = await openClient(port, 'bench-peer')
  const finished = new Promise<void>((done) => listen(client, done))
  await client.subscribeAsync('metering/+/up', { qos: 1 })
  const publisher = await startPublisher({ port, plan, messages, perSecond: null, receipts: false })
  const start = performance.now()
  await Promise.all([publisher.go(), finished])
  const seconds = (performance.now() - start) / 1000
  await client.endAsync()
  return messages / seconds
}

async function empty({ owner }: BenchDatabase): Promise<void> {
  await owner.execute('truncate reading, reading_claim, frame, line_statistics')
  await owner.execute('checkpoint')
}

async function requireRows(owner: Database, table: 'reading', wanted: number): Promise<void> {
  const [row] = await owner.query<{ readonly rows: number }>(`select count(*)::integer as rows from ${table}`)
  if (row?.rows !== wanted) throw new Error(`${wanted} readings were sent and ${row?.rows} are stored`)
}
