import { Aedes } from 'aedes'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { openAccess } from '../../../headend/transports/broker-access.js'
import { BrokerAwayError, connectBroker } from '../../../headend/transports/broker.js'
import { openStation, type Station } from '../../../headend/transports/station.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void> | void) => void
}

async function listen(t: Teardown, serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const quiet = {
  clock: createRealClock(),
  network: createRealNetwork(),
  clientId: 'headend',
  presence: null,
  onMessage: () => undefined,
  onDown: () => undefined,
  onUploadsDown: () => undefined,
  heardElsewhere: [],
}

async function stationAt(t: Teardown, url: string, heard: string[]): Promise<Station> {
  const station = await openStation({
    ...quiet,
    access: openAccess(url),
    uploads: [{ filter: 'up', shareable: false }],
    words: [{ filter: 'answer', shareable: false }],
    onMessage({ topic, acknowledge }) {
      heard.push(topic)
      acknowledge()
    },
  })
  t.teardown(() => station.close())
  return station
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resume) => setTimeout(resume, 5))
}

/** What a broker hears of us, as far as these tests ask. */
interface Heard {
  readonly kind: 'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'other'
  /** The number under which it is answered, in hexadecimal; that of a CONNECT says nothing. */
  readonly id: string
  readonly text: string
  readonly socket: Socket
}

const kinds = new Map<number, Heard['kind']>([
  [1, 'connect'],
  [3, 'publish'],
  [8, 'subscribe'],
  [10, 'unsubscribe'],
])

/** A broker that does as it is told; packets of less than 128 bytes. */
function listenPackets(t: Teardown, hear: (packet: Heard) => void): Promise<string> {
  return listen(t, (socket) => {
    let rest = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes])
      for (let length = rest[1]; length !== undefined && rest.length >= length + 2; length = rest[1]) {
        const packet = rest.subarray(0, length + 2)
        rest = rest.subarray(length + 2)
        const kind = kinds.get((packet[0] ?? 0) >> 4) ?? 'other'
        hear({ kind, id: packet.toString('hex', 2, 4), text: packet.toString('latin1', 4), socket })
      }
    })
  })
}

function answerWith(hex: string, { socket }: Heard): void {
  socket.write(Buffer.from(hex, 'hex'))
}

await t.test('an answer and the word for a receipt arrive while thousands of uploads are held back', async (t) => {
  const broker = await Aedes.createBroker()
  t.teardown(() => new Promise<void>((closed) => broker.close(closed)))
  const heard: string[] = []
  const url = await listen(t, (socket) => broker.handle(socket))
  const station = await stationAt(t, url, heard)
  let open = (): void => undefined
  station.pauseUploadsUntil(new Promise((resolve) => (open = resolve)))
  const packet = (topic: string) =>
    ({ cmd: 'publish', topic, payload: Buffer.alloc(1000), qos: 1, retain: false, dup: false }) as const
  for (let count = 0; count < 3000; count++) broker.publish(packet('up'), () => undefined)
  broker.publish(packet('answer'), () => undefined)
  await station.publish('receipt', Buffer.from('stored'))
  await until(() => heard.includes('answer'))
  t.ok(heard.filter((topic) => topic === 'up').length < 3000, 'the uploads still wait')
  open()
  await until(() => heard.length === 3001)
})

await t.test(
  'a broker that answers nothing is told no more than it has numbers for, and does not hold up the end',
  async (t) => {
    const url = await listen(t, (socket) => {
      socket.once('data', () => socket.write(Buffer.from('20020000', 'hex')))
      socket.resume()
    })
    const station = await openStation({ ...quiet, access: openAccess(url), uploads: [], words: [] })
    const failures: unknown[] = []
    const told = Array.from({ length: 20_000 }, () => station.publish('receipt', Buffer.from('stored')))
    for (const each of told) each.catch((error: unknown) => failures.push(error))
    await t.rejects(station.publish('receipt', Buffer.from('one too many')), BrokerAwayError)
    t.equal(failures.length, 0, 'the others still wait')
    await station.close()
    t.equal(failures.length, 20_000)
  },
)

await t.test('a broker that comes late and leaves before it has answered anything harms nobody', async (t) => {
  let connections = 0
  let asked = 0
  const url = await listenPackets(t, (packet) => {
    if (packet.kind === 'connect') {
      connections += 1
      if (connections === 1) packet.socket.destroy()
      else answerWith('2003010000', packet)
    } else {
      asked += 1
      packet.socket.destroy()
    }
  })
  const broker = await connectBroker({
    ...quiet,
    access: { ...openAccess(url), protocolVersion: '5', shareGroup: 'city' },
    subscriptions: [{ filter: 'up', shareable: true }],
  })
  t.teardown(() => broker.close())
  t.equal(broker.isConnected(), false, 'the broker was away')
  await until(() => asked > 0 && !broker.isConnected())
  t.match(broker.failure(), /Connection closed/)
})

const firstSubscriptions = [
  ['lost with its connection', (packet: Heard) => packet.socket.destroy(), /Connection closed/],
  ['refused', (packet: Heard) => answerWith(`9003${packet.id}80`, packet), /subscription refused/],
  ['never answered', () => undefined, /subscription not answered/],
] as const

/** Patience that is soon at its end. */
const hasty = {
  ...quiet.clock,
  setTimer: (delayMs: number, fire: () => void) => quiet.clock.setTimer(Math.min(delayMs, 100), fire),
}

for (const [title, answerFirst, failure] of firstSubscriptions)
  await t.test(`a subscription that is ${title} is repeated, and until then something is wrong`, async (t) => {
    let subscribed = 0
    const connections: Socket[] = []
    const url = await listenPackets(t, (packet) => {
      if (packet.kind === 'connect') answerWith('20020100', packet)
      if (packet.kind !== 'subscribe') return
      subscribed += 1
      connections.push(packet.socket)
      if (subscribed === 1) answerFirst(packet)
      if (subscribed === 3) answerWith(`9003${packet.id}01`, packet)
    })
    const broker = await connectBroker({
      ...quiet,
      clock: hasty,
      access: openAccess(url),
      subscriptions: [{ filter: 'up', shareable: false }],
    })
    t.teardown(() => broker.close())
    t.match(broker.failure(), failure)
    connections.at(-1)?.destroy()
    await until(() => subscribed === 2)
    t.match(broker.failure(), /./, 'it is connected, but hears nothing yet')
    connections.at(-1)?.destroy()
    await until(() => subscribed === 3 && broker.failure() === null)
    t.equal(broker.isConnected(), true)
  })

await t.test('what was granted is asked again of a broker only that has forgotten it', async (t) => {
  const heard: string[] = []
  const sessions = ['00', '01', '00']
  const connections: Socket[] = []
  const url = await listenPackets(t, (packet) => {
    heard.push(packet.kind)
    connections.push(packet.socket)
    if (packet.kind === 'connect') answerWith(`2002${sessions.shift() ?? '01'}00`, packet)
    if (packet.kind === 'subscribe') answerWith(`9003${packet.id}01`, packet)
  })
  const broker = await connectBroker({
    ...quiet,
    access: openAccess(url),
    subscriptions: [{ filter: 'up', shareable: false }],
  })
  t.teardown(() => broker.close())
  connections.at(-1)?.destroy()
  await until(() => heard.length === 3 && broker.isConnected())
  connections.at(-1)?.destroy()
  await until(() => heard.length === 5)
  t.strictSame(heard, ['connect', 'subscribe', 'connect', 'connect', 'subscribe'])
})

await t.test('of two connections none stays open when the other cannot be opened', async (t) => {
  const sockets: Socket[] = []
  const url = await listenPackets(t, (packet) => {
    sockets.push(packet.socket)
    if (packet.kind === 'connect') answerWith('20020000', packet)
  })
  let reads = 0
  const password = () => {
    reads += 1
    if (reads === 2) throw new Error('EACCES: password file')
    return null
  }
  await t.rejects(openStation({ ...quiet, access: { ...openAccess(url), password }, uploads: [], words: [] }), {
    message: 'EACCES: password file',
  })
  await until(() => sockets.length > 0 && sockets.every((socket) => socket.destroyed))
})

await t.test('sessions from before the connection was divided stop hearing what the other one hears', async (t) => {
  const names = new Map<Socket, string>()
  const asked: string[] = []
  const url = await listenPackets(t, (packet) => {
    const { kind, socket, id } = packet
    if (kind === 'connect') {
      names.set(socket, packet.text.includes('headend-words') ? 'words' : 'uploads')
      answerWith('2003010000', packet)
    }
    if (kind === 'subscribe') answerWith(`9004${id}0001`, packet)
    if (kind === 'unsubscribe') answerWith(`b004${id}0000`, packet)
    if (kind === 'subscribe' || kind === 'unsubscribe')
      asked.push(`${names.get(socket)} ${kind} ${packet.text.match(/[$/\w]{2,}/g)?.join(' ')}`)
  })
  const lost: string[] = []
  const station = await openStation({
    ...quiet,
    access: { ...openAccess(url), protocolVersion: '5', shareGroup: 'city' },
    uploads: [{ filter: 'up', shareable: true }],
    words: [{ filter: 'answer', shareable: false }],
    onDown: () => lost.push('words'),
    onUploadsDown: () => lost.push('uploads'),
  })
  t.teardown(() => station.close())
  t.strictSame(asked.toSorted(), [
    'uploads subscribe $share/city/up',
    'uploads unsubscribe up answer',
    'words subscribe answer',
    'words unsubscribe up $share/city/up',
  ])
  for (const name of ['uploads', 'words']) {
    lost.length = 0
    for (const [socket, each] of names) if (each === name) socket.destroy()
    await until(() => lost.length > 0)
    t.strictSame(lost, [name], `only the connection of the ${name} is lost`)
  }
})
