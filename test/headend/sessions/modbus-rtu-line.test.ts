import type { Socket } from 'node:net'
import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import type { Clock } from '../../../domain/runtime.js'
import { secondMs } from '../../../domain/time.js'
import { openBus } from '../../../headend/sessions/bus.js'
import { dlt645LineOn } from '../../../headend/sessions/dlt645-line.js'
import { modbusRtuOn, openModbusRtuLine } from '../../../headend/sessions/modbus-rtu-line.js'
import { readRequest } from '../../../protocols/dlt645/message.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { encodeException } from '../../../protocols/modbus/exception.js'
import { encodeReadReply } from '../../../protocols/modbus/reply-pdu.js'
import { encodeRtuAdu, type RtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../../protocols/modbus/rtu-splitter.js'
import { createWorld, local } from '../../support/field-world.js'

const settings = { baud: 9600, replyTimeoutMs: 300, requestGapMs: 0 }
const request = { function: 3, start: 10, count: 2 } as const
const unit = 7

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

type Answer = (adu: RtuAdu, socket: Socket, clock: Clock) => void

/** A serial server with somebody behind it who answers as told. */
async function serve(t: Teardown, answer: Answer) {
  const { clock, network } = createWorld()
  const listener = await network.listen(local, (socket) => {
    const splitter = createRtuSplitter('request')
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      for (const adu of splitter.push(chunk)) answer(adu, socket, clock)
    })
  })
  t.teardown(async () => {
    await listener.close()
    clock.close()
  })
  return { clock, connect: () => network.connect(listener.endpoint), deadline: clock.now() + 60 * secondMs }
}

async function open(t: Teardown, answer: Answer) {
  const world = await serve(t, answer)
  const line = openModbusRtuLine({ ...world, settings })
  t.teardown(async () => line.close())
  await line.ready(world.deadline)
  return { ...world, line }
}

/** Every register holds its own address, so that a block tells which request it answers. */
function blockOf(start: number, count: number): Buffer {
  const block = Buffer.alloc(2 * count)
  for (let index = 0; index < count; index += 1) block.writeUInt16BE(start + index, 2 * index)
  return block
}

function goodReply({ unitId, pdu }: RtuAdu): Buffer {
  return encodeRtuAdu({ unitId, pdu: encodeReadReply(3, blockOf(pdu.readUInt16BE(1), pdu.readUInt16BE(3))) })
}

await t.test('a reply brings the block and both ADUs', async (t) => {
  const { line } = await open(t, (adu, socket) => socket.write(goodReply(adu)))
  const block = blockOf(10, 2)
  t.match(await line.readRegisters(unit, request), {
    kind: 'registers',
    block,
    request: Buffer.from('0703000a0002e46f', 'hex'),
    response: encodeRtuAdu({ unitId: unit, pdu: encodeReadReply(3, block) }),
  })
  t.match(line.counters(), { requests: 1, replies: 1, bytesOut: 8, bytesIn: 9, damaged: 0, timeouts: 0 })
})

await t.test('a length byte with any bits wrong costs one poll', async (t) => {
  let wrong = 0
  const { line } = await open(t, (adu, socket) => {
    const reply = goodReply(adu)
    reply[2] = (reply[2] ?? 0) ^ wrong
    wrong = 0
    socket.write(reply)
  })
  for (let bits = 1; bits < 256; bits += 1) {
    wrong = bits
    t.not((await line.readRegisters(unit, request)).kind, 'registers', `bits ${bits}`)
    t.match(await line.readRegisters(unit, request), { kind: 'registers', block: blockOf(10, 2) }, 'the next poll')
  }
})

await t.test('a reply that comes late, however late, is never taken for the answer to another request', async (t) => {
  const random = createSeededRandom(20_260_701)
  let asked = 0
  let freeAt = 0
  const { clock, line } = await open(t, (adu, socket, wire) => {
    asked += 1
    // One in three is late, by up to ten times the patience of the master; a device answers in order.
    const delayMs = random.below(3, 'late', asked) === 0 ? random.below(3000, 'delay', asked) : 5
    freeAt = Math.max(freeAt, wire.now() + delayMs)
    wire.setTimer(freeAt - wire.now(), () => socket.write(goodReply(adu)))
  })
  const outcomes = { registers: 0, no_reply: 0, wrong: 0 }
  for (let nth = 0; nth < 400; nth += 1) {
    const start = random.below(100, 'start', nth)
    const count = 1 + random.below(2, 'count', nth)
    const outcome = await line.readRegisters(unit, { function: 3, start, count })
    if (outcome.kind !== 'registers') outcomes.no_reply += 1
    else if (outcome.block.equals(blockOf(start, count))) outcomes.registers += 1
    else outcomes.wrong += 1
    await clock.sleep(random.below(500, 'pause', nth))
  }
  t.equal(outcomes.wrong, 0)
  t.ok(outcomes.registers > 100 && outcomes.no_reply > 50, JSON.stringify(outcomes))
  t.ok(line.counters().dropped > 20, 'late replies were there to be taken')
})

await t.test('an exception is a refusal, and silence ends with the reply time', async (t) => {
  const answers = [encodeException(3, 'illegal_data_address'), null]
  const { clock, line } = await open(t, (_adu, socket) => {
    const pdu = answers.shift() ?? null
    if (pdu !== null) socket.write(encodeRtuAdu({ unitId: unit, pdu }))
  })
  t.same(await line.readRegisters(unit, request), { kind: 'refused' })
  const before = clock.now()
  t.same(await line.readRegisters(unit, request), { kind: 'no_reply' })
  const gapMs = 5
  t.equal(clock.now() - before, gapMs + Math.ceil((8 * 11_000) / 9600) + 300)
  t.match(line.counters(), { replies: 1, refused: 1, timeouts: 1 })
})

await t.test('strangers, an echo and noise around the reply do not hide it', async (t) => {
  const { line } = await open(t, (adu, socket) => {
    const echo = encodeRtuAdu(adu)
    const stranger = goodReply({ ...adu, unitId: 8 })
    socket.write(Buffer.concat([echo, stranger, Buffer.from('00ff', 'hex'), goodReply(adu)]))
  })
  t.match(await line.withQuirks({ echo: true }).readRegisters(unit, request), {
    kind: 'registers',
    block: blockOf(10, 2),
  })
  t.match(line.counters(), { dropped: 1 })
})

await t.test('a connection that ends in mid-request is the line’s fault', async (t) => {
  const { line } = await open(t, (_adu, socket) => socket.destroy())
  t.same(await line.readRegisters(unit, request), { kind: 'line_down' })
  t.same(await line.readRegisters(unit, request), { kind: 'line_down' }, 'until it is ready again')
})

await t.test('meters of both protocols share one bus, and each hears its own', async (t) => {
  const address = '000000000042'
  const payload = Buffer.from('00000107', 'hex')
  const { clock, network } = createWorld()
  const listener = await network.listen(local, (socket) => {
    const splitter = createRtuSplitter('request')
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes(0x68)) {
        splitter.timeout()
        socket.write(encodeDataReply(address, '00010000', payload))
      } else for (const adu of splitter.push(chunk)) socket.write(goodReply(adu))
    })
  })
  const bus = openBus({ clock, connect: () => network.connect(listener.endpoint) })
  const dlt645 = dlt645LineOn(bus, { clock, settings: { ...settings, wakeUpBytes: 4 } })
  const modbus = modbusRtuOn(bus, { clock, settings })
  t.teardown(async () => {
    bus.close()
    await listener.close()
    clock.close()
  })
  await bus.ready(clock.now() + secondMs)
  for (let round = 0; round < 3; round += 1) {
    t.match((await dlt645.exchange(readRequest('2007', address, '00010000'))).outcome, { kind: 'data', payload })
    t.match(await modbus.readRegisters(unit, request), { kind: 'registers' })
  }
  t.match(dlt645.counters(), { requests: 3, replies: 3, dropped: 0 })
  t.match(modbus.counters(), { requests: 3, replies: 3, dropped: 0 })
})

await t.test('nothing is said on a bus that may be another’s, and no answer is owed for it', async (t) => {
  let asked = 0
  const { line } = await open(t, (adu, socket) => {
    asked += 1
    socket.write(goodReply(adu))
  })
  const right = { isSafe: () => false }
  t.same(await line.under(right).readRegisters(unit, request), { kind: 'line_lost' })
  t.equal(asked, 0)
  t.match(await line.readRegisters(unit, request), { kind: 'registers' })
  t.equal(asked, 1, 'no other number of registers is asked for first')
  t.match(line.counters(), { requests: 1, replies: 1 })
})
