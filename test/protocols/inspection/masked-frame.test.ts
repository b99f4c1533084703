import t from 'tap'
import { encodeMessage, type Message, readRequest } from '../../../protocols/dlt645/message.js'
import { encodeForwardRequestFrame } from '../../../protocols/gdw1376/messages.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'
import { maskedFrame } from '../../../protocols/inspection/masked-frame.js'

const address = '000000000001'
const password = '665544'
/** Low byte first, and as it stands in a frame, with 33H added. */
const secret = '445566'
const wired = '778899'

function command(name: Message['function'], payload: string): Buffer {
  return encodeMessage({
    edition: '2007',
    address,
    direction: 'request',
    function: name,
    outcome: 'good',
    dataIdentifier: name === 'write' ? '04000103' : null,
    payload: Buffer.from(payload, 'hex'),
  })
}

function masked(bytes: Buffer) {
  const report = inspectStream(bytes)
  return report.ok ? report.frames.map(maskedFrame) : []
}

t.test('no password is left in bytes, payload or values', async (t) => {
  const commands = [
    command('write', `02${secret}0100000015`),
    command('control_relay', `02${secret}010000001a00595923311299`),
    command('clear_demand', `02${secret}01000000`),
  ]
  for (const bytes of commands) {
    t.match(bytes.toString('hex'), wired)
    const [frame] = masked(bytes)
    const text = JSON.stringify(frame)
    t.notMatch(text, wired)
    t.notMatch(text, password)
    t.notMatch(text, secret)
    t.equal(frame?.values.find(({ name }) => name === 'password')?.value, '**')
  }
})

t.test('a read is shown as it is', async (t) => {
  const report = inspectStream(encodeMessage(readRequest('2007', address, '00010000')))
  t.ok(report.ok)
  if (report.ok) t.same(report.frames.map(maskedFrame), report.frames)
})

t.test('what an envelope carries is masked in it too', async (t) => {
  const inner = command('clear_demand', `02${secret}01000000`)
  const settings = { baudRate: 2400, stopBits: 1, parity: 'even', dataBits: 8 } as const
  const envelope = encodeForwardRequestFrame(
    { terminal: '02001234', master: 2, sequenceNumber: 0 },
    { port: 31, settings, frameWait: { count: 60, unitMs: 1000 }, byteWaitMs: 100, inner },
  )
  const [frame] = masked(envelope)
  t.equal(frame?.inner?.values.find(({ name }) => name === 'password')?.value, '**')
  t.notMatch(JSON.stringify(frame), wired)
})
