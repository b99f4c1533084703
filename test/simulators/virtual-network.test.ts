import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import t from 'tap'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import type { Clock, Network } from '../../domain/runtime.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'

const anyPort = { host: '127.0.0.1', port: 0 }

await t.test('3000 exchanges with two timers each leave the same trace in every run', async (t) => {
  const traces = new Set<string>()
  for (let run = 0; run < 4; run += 1) traces.add(await traceOf(3, 1000))
  t.equal(traces.size, 1)
})

await t.test('a refused connection is the system’s error and lets time go on', async (t) => {
  const { clock, network } = createWorld()
  const listener = await network.listen(anyPort, () => {})
  await listener.close()
  await t.rejects(network.connect(listener.endpoint), { code: 'ECONNREFUSED' })
  await clock.sleep(10)
  t.equal(clock.now(), 10)
})

await t.test('a taken port is the system’s error', async (t) => {
  const { network } = createWorld()
  const listener = await network.listen(anyPort, () => {})
  await t.rejects(
    network.listen(listener.endpoint, () => {}),
    { code: 'EADDRINUSE' },
  )
  await listener.close()
})

for (const unreadBytes of [0, 3, 10_000]) {
  await t.test(
    `a peer that destroys the connection with ${unreadBytes} bytes unread does not stall the clock`,
    async (t) => {
      const { clock, network } = createWorld()
      const listener = await network.listen(anyPort, (socket) => {
        socket.on('error', () => {})
        socket.write('half a fra')
        clock.setTimer(5, () => socket.destroy())
      })
      const socket = await network.connect(listener.endpoint)
      const closed = closeOf(socket, clock)
      socket.write(Buffer.alloc(unreadBytes))
      t.equal(await closed, 5)
      await clock.sleep(10)
      t.equal(clock.now(), 15)
      await listener.close()
    },
  )
}

await t.test('a peer that destroys the connection in the middle of writing does not stall the clock', async (t) => {
  const { clock, network } = createWorld()
  const listener = await network.listen(anyPort, (socket) => {
    socket.on('data', () => {
      socket.write(Buffer.alloc(5_000_000))
      socket.destroy()
    })
  })
  const socket = await network.connect(listener.endpoint)
  const closed = closeOf(socket, clock)
  clock.setTimer(3, () => socket.write('?'))
  t.equal(await closed, 3)
  await clock.sleep(1)
  t.equal(clock.now(), 4)
  await listener.close()
})

await t.test('closing a listener tells its clients before time moves', async (t) => {
  const { clock, network } = createWorld()
  const listener = await network.listen(anyPort, (socket) => socket.resume())
  const sockets = await Promise.all([network.connect(listener.endpoint), network.connect(listener.endpoint)])
  const told = sockets.map((socket) => closeOf(socket, clock))
  clock.setTimer(7, () => void listener.close())
  clock.setTimer(8, () => {})
  t.same(await Promise.all(told), [7, 7])
})

await t.test('a large message arrives whole before time moves', async (t) => {
  const { clock, network } = createWorld()
  let received = 0
  const listener = await network.listen(anyPort, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
  })
  const socket = await network.connect(listener.endpoint)
  socket.cork()
  socket.write(Buffer.alloc(4_000_000))
  socket.end(Buffer.alloc(4_000_000))
  socket.uncork()
  await clock.sleep(1)
  t.equal(received, 8_000_000)
  await listener.close()
})

await t.test('a connection to the world outside never holds the clock', async (t) => {
  const { clock, network } = createWorld()
  const outside = await createRealNetwork().listen(anyPort, (socket) => socket.pause())
  const socket = await network.connect(outside.endpoint)
  socket.write('nobody of ours reads this')
  await clock.sleep(1)
  t.equal(clock.now(), 1)
  socket.destroy()
  await outside.close()
})

function createWorld() {
  const clock = createVirtualClock(0)
  return { clock, network: createVirtualNetwork(clock, createRealNetwork()) }
}

/** The instant at which an end learns that its connection is over, cleanly or not. */
function closeOf(socket: Socket, clock: Clock): Promise<number> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', () => resolve(clock.now())))
}

/** Several clients ask a server that answers after its own delay, each under a timeout that sometimes wins. */
async function traceOf(clients: number, exchanges: number): Promise<string> {
  const { clock, network } = createWorld()
  const trace = createHash('sha256')
  const listener = await network.listen(anyPort, (socket) => answer(clock, socket))
  await Promise.all(
    Array.from({ length: clients }, (_, client) =>
      ask(clock, network, listener.endpoint.port, client, exchanges, trace),
    ),
  )
  await listener.close()
  return trace.update(`end ${clock.now()}`).digest('hex')
}

function answer(clock: Clock, socket: Socket): void {
  socket.on('data', (chunk: Buffer) => {
    for (const byte of chunk) clock.setTimer(20 + ((byte * 7) % 90), () => socket.write(Buffer.from([byte, byte])))
  })
}

async function ask(
  clock: Clock,
  network: Network,
  port: number,
  client: number,
  exchanges: number,
  trace: { update(text: string): unknown },
): Promise<void> {
  const socket = await network.connect({ host: '127.0.0.1', port })
  socket.on('data', (chunk: Buffer) => trace.update(`${clock.now()} ${client} got ${chunk.toString('hex')}\n`))
  for (let exchange = 0; exchange < exchanges; exchange += 1) {
    socket.write(Buffer.from([(exchange * 31 + client) & 0xff]))
    await clock.sleep(60 + (exchange % 50))
    trace.update(`${clock.now()} ${client} asked ${exchange}\n`)
  }
  socket.destroy()
}
