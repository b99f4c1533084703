import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { modbusFunctions } from '../../../protocols/modbus/pdu-limits.js'
import { encodeRtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { createRegisterBank } from '../../../simulators/modbus/register-bank.js'
import { serveRtu, serveTcp } from '../../../simulators/modbus/serve-stream.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'

function world(serve: typeof serveRtu) {
  const clock = createVirtualClock(0)
  // No time passes between two things that are said.
  const release = clock.hold()
  const heard: Buffer[] = []
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      heard.push(chunk)
      done()
    },
  })
  const bank = createRegisterBank([{ table: 'holding', address: 0, values: [1, 2] }], [])
  serve(stream, new Map([[5, { bank, functions: new Set(modbusFunctions) }]]), clock)
  return {
    stream,
    say: async (bytes: Buffer) => {
      stream.push(bytes)
      for (let nth = 0; nth < 20; nth += 1) await turn()
    },
    heard: () => Buffer.concat(heard).toString('hex'),
    release,
    clock,
  }
}

const rtu = (unitId: number, pdu: string) => encodeRtuAdu({ unitId, pdu: Buffer.from(pdu, 'hex') })
const read = rtu(5, '0300000002')

t.test('a message on a serial line may come in pieces, behind noise, and for others', async (t) => {
  const line = world(serveRtu)
  t.teardown(() => line.clock.close())
  await line.say(Buffer.from('ffff', 'hex'))
  for (const byte of read) await line.say(Buffer.from([byte]))
  await line.say(rtu(6, '0300000002'))
  t.equal(line.heard(), rtu(5, '030400010002').toString('hex'))
})

t.test('everybody hears a broadcast and nobody answers it', async (t) => {
  const line = world(serveRtu)
  t.teardown(() => line.clock.close())
  await line.say(rtu(0, '0600000009'))
  t.equal(line.heard(), '')
  await line.say(read)
  t.equal(line.heard(), rtu(5, '030400090002').toString('hex'))
})

t.test('a function without known length is refused when the line has been silent', async (t) => {
  const line = world(serveRtu)
  t.teardown(() => line.clock.close())
  await line.say(rtu(5, '2b0e0100'))
  t.equal(line.heard(), '')
  const silence = line.clock.sleep(60)
  line.release()
  await silence
  for (let nth = 0; nth < 20; nth += 1) await turn()
  t.equal(line.heard(), rtu(5, 'ab01').toString('hex'))
})

t.test(
  'over TCP a gateway answers for a unit that is not there, and a master of another protocol is cut off',
  async (t) => {
    const gateway = world(serveTcp)
    t.teardown(() => gateway.clock.close())
    await gateway.say(Buffer.from('000100000006060300000002', 'hex'))
    t.equal(gateway.heard(), '00010000000306830b')
    const closed = once(gateway.stream, 'close')
    await gateway.say(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    await closed
    t.ok(gateway.stream.destroyed)
  },
)
