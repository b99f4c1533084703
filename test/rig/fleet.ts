// Concentrators on a real broker, in a process of their own, as witnesses of what the head-end acknowledges:
// node build/test/rig/fleet.js PORT FOLDER SEED PERSECOND CONCENTRATORS METERSEACH NIGHTS NEWEST
// `sent.log` names each upload before it leaves, `acked.log` each one whose receipt came. SIGTERM ends the making of new uploads; the
// process ends with 0 when every upload it sent has its receipt, with 1 when that takes too long.
import { join } from 'node:path'
import { MqttClient } from 'mqtt'
import { connect } from 'node:net'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { parseReceipt } from '../../protocols/concentrator/messages.js'
import { codeOf, createPayloads, type FleetPlan, type UploadKey } from './fleet-plan.js'
import { openJournal } from './journal.js'

const [port, folder, seed, perSecond, concentrators, metersEach, nights, newest] = process.argv.slice(2)
if (newest === undefined || folder === undefined) throw new Error('see the head of this file')
const plan: FleetPlan = {
  concentrators: Number(concentrators),
  metersEach: Number(metersEach),
  nights: Number(nights),
  newest,
}
const random = createSeededRandom(Number(seed))
const payloadOf = createPayloads(plan)
const sent = openJournal(join(folder, 'sent.log'))
const acked = openJournal(join(folder, 'acked.log'))

/** Receipts are awaited this long before an upload leaves again. */
const repeatAfterMs = 1500
/** Uploads under way at once; a concentrator holds the rest back. */
const mostWaiting = 200
const duplicatedPermille = 150
const patienceMs = 120_000
const tickMs = 20

const waiting = new Map<string, UploadKey & { sentAt: number }>()
const order = shuffled(plan)
let next = 0
let due = 0
let ending: number | null = null

const client = new MqttClient(() => connect(Number(port), '127.0.0.1'), {
  clientId: 'rig-fleet',
  clean: false,
  reconnectPeriod: 200,
  keepalive: 10,
})
client.on('error', () => undefined)
client.on('message', (_topic, payload) => {
  const receipt = parseReceipt(payload)
  if (!receipt.ok) return
  const key = `${receipt.value.concentrator} ${receipt.value.batch}`
  if (waiting.delete(key)) acked.write(key)
})
client.subscribe('metering/+/receipt', { qos: 1 })
process.on('SIGTERM', () => (ending ??= Date.now()))

const timer = setInterval(tick, tickMs)
console.log('fleet is up')

function tick(): void {
  const now = Date.now()
  due = Math.min(due + (Number(perSecond) * tickMs) / 1000, mostWaiting)
  const room = ending === null && client.connected ? Math.floor(Math.min(due, mostWaiting - waiting.size)) : 0
  for (const key of order.slice(next, next + room)) begin(key, now)
  for (const upload of waiting.values()) {
    if (now - upload.sentAt < repeatAfterMs || !client.connected) continue
    upload.sentAt = now
    publish(upload)
  }
  const over = ending !== null && (waiting.size === 0 || now - ending > patienceMs)
  if (over) finish()
}

function begin(key: UploadKey, now: number): void {
  const name = nameOf(key)
  next += 1
  due -= 1
  sent.write(name)
  waiting.set(name, { ...key, sentAt: now })
  publish(key)
  if (random.below(1000, 'duplicate', name) < duplicatedPermille) publish(key)
}

function publish(key: UploadKey): void {
  client.publish(`metering/${codeOf(key.concentrator)}/up`, payloadOf(key), { qos: 1 })
}

function finish(): void {
  clearInterval(timer)
  sent.close()
  acked.close()
  console.log(`sent ${next}, without receipt ${waiting.size}`)
  client.end(true, () => process.exit(waiting.size === 0 ? 0 : 1))
}

function nameOf({ concentrator, batch }: UploadKey): string {
  return `${codeOf(concentrator)} ${batch}`
}

/** All uploads in an order of the seed's. */
function shuffled({ concentrators: count, nights: each }: FleetPlan): readonly UploadKey[] {
  const keys = Array.from({ length: count * each }, (_, index) => ({
    concentrator: 1 + (index % count),
    batch: 1 + Math.floor(index / count),
  }))
  return keys
    .map((key) => ({ key, at: random.below(2 ** 31 - 1, 'order', nameOf(key)) }))
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key)
}
