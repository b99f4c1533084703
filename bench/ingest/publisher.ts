// Concentrators in a process of their own: uploads over MQTT 3.1.1 with QoS 1 on one connection, written straight to the socket so that
// publishing costs as little as it can. node publisher.js '{"port":1883,…}'; sends when it reads a line from its input.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, type FieldPlan, payloadOf, plannedUploads, topicsOf } from './field-plan.js'
import * as packets from './mqtt-packets.js'

export interface PublisherOptions {
  readonly port: number
  readonly plan: FieldPlan
  readonly messages: number
  /** Null: as fast as the broker takes them. */
  readonly perSecond: number | null
  /** Whether to wait for each message's receipt and time it. */
  readonly receipts: boolean
}

export interface Published {
  readonly seconds: number
  /** From writing a message to its receipt, milliseconds; null without receipts. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** Messages that the broker may owe an answer for. */
const windowSize = 1000
/** Encoded ahead, so that encoding is not what is timed where so many are enough. */
const encodedAhead = 50_000

const options = JSON.parse(process.argv[2] ?? '{}') as PublisherOptions
const socket = connect(options.port, '127.0.0.1')
await once(socket, 'connect')
socket.setNoDelay(true)
process.stdout.write(`${JSON.stringify(await publishAll(socket, options))}\n`)
socket.destroy()
process.stdin.destroy()

async function publishAll(
  stream: Socket,
  { plan, messages, perSecond, receipts }: PublisherOptions,
): Promise<Published> {
  const sentAt = new Map<string, number>()
  const latencies: number[] = []
  const count = { sent: 0, acknowledged: 0 }
  let wake = (): void => undefined
  packets.takePackets(stream, (packet) => {
    if (packet.kind === 'acknowledgement') count.acknowledged++
    if (packet.kind === 'message') {
      const { concentrator, batch } = JSON.parse(packet.payload.toString()) as { concentrator: string; batch: number }
      const key = `${concentrator}/${batch}`
      const sent = sentAt.get(key)
      if (sent !== undefined && sentAt.delete(key)) latencies.push(performance.now() - sent)
    }
    wake()
  })
  const woken = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  stream.write(packets.connect('bench-publisher'))
  if (receipts) stream.write(packets.subscribe(topicsOf(0).receiptTopic.replace(codeOf(0), '+')))

  const uploads = plannedUploads(plan, messages)
  const encode = function* () {
    let index = 0
    for (const upload of uploads) {
      const packet = packets.publish(
        topicsOf(upload.concentrator).uploadTopic,
        payloadOf(upload),
        1 + (index++ % 60_000),
      )
      yield { key: `${codeOf(upload.concentrator)}/${upload.batch}`, packet }
    }
  }
  const lazily = encode()
  const ahead = Array.from({ length: Math.min(messages, encodedAhead) }, () => lazily.next().value)
  process.stderr.write('ready\n')
  await once(process.stdin, 'data')

  const start = performance.now()
  for (const each of [ahead, lazily]) {
    for (const message of each) {
      if (message === undefined) continue
      while (count.sent - count.acknowledged >= windowSize) await woken()
      const dueMs = perSecond === null ? 0 : (count.sent / perSecond) * 1000 - (performance.now() - start)
      if (dueMs > 1) await sleep(dueMs)
      if (receipts) sentAt.set(message.key, performance.now())
      count.sent++
      if (!stream.write(message.packet)) await once(stream, 'drain')
    }
  }
  const isAnswered = (): boolean => count.acknowledged === count.sent && (!receipts || latencies.length === count.sent)
  while (!isAnswered()) await woken()
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number): number | null => latencies[Math.floor(share * latencies.length)] ?? null
  return { seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}
