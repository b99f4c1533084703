import type { Socket } from 'node:net'
import t from 'tap'
import { secondMs } from '../../../domain/time.js'
import { openModbusGateway } from '../../../headend/sessions/modbus-gateway.js'
import { encodeException } from '../../../protocols/modbus/exception.js'
import { encodeReadReply } from '../../../protocols/modbus/reply-pdu.js'
import { encodeTcpAdu, takeTcpAdu, type TcpAdu } from '../../../protocols/modbus/tcp-adu.js'
import { createWorld, local, worldStart } from '../../support/field-world.js'

const request = { function: 3, start: 10, count: 2 } as const
const block = Buffer.from('00012345', 'hex')

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** A gateway that answers each request as it is told, and a head-end's view of it. */
async function open(t: Teardown, answer: (adu: TcpAdu, socket: Socket) => void) {
  const { clock, network } = createWorld()
  const listener = await network.listen(local, (socket) => {
    // A late reply into a connection that was given up.
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const taken = takeTcpAdu(chunk)
      if (taken.ok && taken.value !== null) answer(taken.value.adu, socket)
    })
  })
  const gateway = openModbusGateway({ clock, network, settings: listener.endpoint })
  t.teardown(async () => {
    gateway.close()
    await listener.close()
    clock.close()
  })
  return { clock, gateway, deadline: clock.now() + 60 * secondMs }
}

function reply(adu: TcpAdu, pdu: Buffer): Buffer {
  return encodeTcpAdu({ ...adu, pdu })
}

await t.test('a reply brings the block and both ADUs', async (t) => {
  const seen: Buffer[] = []
  const { gateway, deadline } = await open(t, (adu, socket) => {
    seen.push(encodeTcpAdu(adu))
    socket.write(reply(adu, encodeReadReply(3, block)))
  })
  t.equal(await gateway.ready(deadline), true)
  for (let nth = 0; nth < 2; nth += 1) {
    const outcome = await gateway.readRegisters(7, request)
    t.match(outcome, { kind: 'registers', block, request: seen[nth] })
  }
  t.match(gateway.counters(), { requests: 2, replies: 2, bytesOut: 24, bytesIn: 26, damaged: 0, timeouts: 0 })
})

await t.test('an exception is a refusal', async (t) => {
  const { gateway, deadline } = await open(t, (adu, socket) =>
    socket.write(reply(adu, encodeException(3, 'illegal_data_address'))),
  )
  await gateway.ready(deadline)
  t.same(await gateway.readRegisters(7, request), { kind: 'refused' })
  t.match(gateway.counters(), { replies: 1, refused: 1 })
})

await t.test(
  'silence ends after three seconds of the injected clock, and no late reply meets the next request',
  async (t) => {
    const late: (() => void)[] = []
    let asked = 0
    const { clock, gateway, deadline } = await open(t, (adu, socket) => {
      asked += 1
      if (asked === 1) late.push(() => socket.write(reply(adu, encodeReadReply(3, Buffer.from('deadbeef', 'hex')))))
      else socket.write(reply(adu, encodeReadReply(3, block)))
    })
    await gateway.ready(deadline)
    t.same(await gateway.readRegisters(7, request), { kind: 'no_reply' })
    t.equal(clock.now(), worldStart + 3 * secondMs)
    t.equal(await gateway.ready(deadline), true)
    late[0]?.()
    t.match(await gateway.readRegisters(7, request), { kind: 'registers', block })
    t.match(gateway.counters(), { requests: 2, replies: 1, timeouts: 1 })
  },
)

await t.test('a reply of another unit does not count', async (t) => {
  const { gateway, deadline } = await open(t, (adu, socket) =>
    socket.write(reply({ ...adu, unitId: 8 }, encodeReadReply(3, block))),
  )
  await gateway.ready(deadline)
  t.same(await gateway.readRegisters(7, request), { kind: 'damaged' })
})

await t.test('a connection that ends in mid-request is the line’s fault', async (t) => {
  const { gateway, deadline } = await open(t, (_adu, socket) => socket.destroy())
  await gateway.ready(deadline)
  t.same(await gateway.readRegisters(7, request), { kind: 'line_down' })
  t.same(await gateway.readRegisters(7, request), { kind: 'line_down' }, 'until it is ready again')
})

await t.test('nothing is said through a gateway that may be another’s', async (t) => {
  let asked = 0
  const { gateway, deadline } = await open(t, () => void (asked += 1))
  await gateway.ready(deadline)
  const lost = gateway.under({ isSafe: () => false })
  t.same(await lost.withQuirks({}).readRegisters(7, request), { kind: 'line_lost' })
  t.equal(asked, 0)
  t.match(gateway.counters(), { requests: 0, bytesOut: 0 })
})
