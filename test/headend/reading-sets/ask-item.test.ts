import type { Socket } from 'node:net'
import t from 'tap'
import { beijing, minuteMs } from '../../../domain/time.js'
import { askCertainItem, askItem } from '../../../headend/reading-sets/ask-item.js'
import { openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { addressOf, createWorld, local } from '../../support/field-world.js'
import { setMeter } from '../../support/set-line.js'

const item = '0001FF01'
function reply(hex: string): Buffer {
  return encodeDataReply(addressOf(1), item, Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** 0.15 in all, 0.03 and 0.12 by tariff. */
const right = reply('15000000 03000000 12000000')
/** Two wrong bits that cancel each other in the checksum: 0.25 in all, 0.02 in the second tariff. */
const wrong = reply('25000000 03000000 02000000')
const another = reply('35000000 03000000 02000000')
const noise = right.subarray(0, -4)

/** A serial server that gives one answer after the other. */
async function open(t: { readonly teardown: (act: () => Promise<void>) => void }, answers: readonly Buffer[]) {
  const start = beijing.startOfDay('2026-07-01')
  const { clock, network } = createWorld(start)
  const rest = [...answers]
  let asked = 0
  const listener = await network.listen(local, (socket: Socket) => {
    socket.on('data', () => {
      asked += 1
      socket.write(rest.shift() ?? Buffer.alloc(0))
    })
  })
  const settings = { baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 }
  const line = openDlt645Line({ clock, connect: () => network.connect(listener.endpoint), settings })
  t.teardown(async () => {
    line.close()
    await listener.close()
    clock.close()
  })
  await line.ready(start + minuteMs)
  return { line, asked: () => asked }
}

const withParity = setMeter(1)
const withoutParity = { ...setMeter(1), hasParity: false }

const cases = [
  ['with parity, tariffs that add up are believed at once', withParity, [right], 'right', 1],
  ['with parity, tariffs that do not add up are asked for again', withParity, [wrong, right], 'right', 2],
  ['without parity two readings must agree', withoutParity, [right, right], 'right', 2],
  ['a wrong one is outvoted', withoutParity, [wrong, right, right], 'right', 3],
  ['three different ones are none', withoutParity, [wrong, right, another], 'damaged', 3],
] as const

t.test('a wrong value cannot pass', async (t) => {
  for (const [title, meter, answers, expected, requests] of cases) {
    const { line, asked } = await open(t, answers)
    const answer = await askCertainItem(line, meter, item, 'registers')
    const said = answer.ok ? (answer.value.frame.response.equals(right) ? 'right' : 'wrong') : answer.error.kind
    t.equal(said, expected, title)
    t.equal(asked(), requests, title)
  }
})

t.test('what noise destroyed is asked for again, a few times', async (t) => {
  const once = await open(t, [noise, right])
  t.match(await askItem(once.line, withParity, item, 'registers'), { ok: true, value: { frame: { response: right } } })
  const always = await open(t, [noise, noise, noise, right])
  t.match(await askItem(always.line, withParity, item, 'registers'), {
    ok: false,
    error: { kind: 'damaged', frame: null },
  })
  t.equal(always.asked(), 3)
})

t.test('an answer of another kind than was asked for is no value, and is kept', async (t) => {
  const { line } = await open(t, [right])
  t.match(await askItem(line, withParity, item, 'demand'), {
    ok: false,
    error: { kind: 'invalid_value', frame: { response: right } },
  })
})
