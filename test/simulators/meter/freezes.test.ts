import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { decodeItem, identifierOf, type ItemName } from '../../../protocols/dlt645/data-items.js'
import { decodeFrame, openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeReadRequest, parseReply } from '../../../protocols/dlt645/messages-2007.js'
import { usualFreezeDepth } from '../../../simulators/meter/description.js'
import { createDlt645Meter } from '../../../simulators/meter/dlt645-meter.js'

const energisedFrom = beijing.startOfDay('2026-02-20') + 10 * hourMs
const now = beijing.startOfDay('2026-03-05') + 9 * hourMs + 5 * minuteMs + 7000

/** Counts 0.0150 kWh a minute from the moment it is energised, all of it in the third tariff. */
const address = '202603000017'
const meter = createDlt645Meter({
  address,
  source: {
    registersAt(instant: number) {
      const totalE4 = BigInt(Math.floor((instant - energisedFrom) / minuteMs)) * 150n
      return { totalE4, touE4: [0n, 0n, totalE4, 0n] }
    },
  },
  energisedFrom,
  missedFreezes: new Set(['2026-03-03']),
  freezeDepth: usualFreezeDepth,
})

const midnight = (day: string) => beijing.startOfDay(day)
const at = (instant: number) => {
  const totalE4 = ((BigInt((instant - energisedFrom) / minuteMs) * 150n) / 100n) * 100n
  return { totalE4, touE4: [0n, 0n, totalE4, 0n] }
}
const absent = { ok: false, error: { kind: 'value_absent' } }

const answers: readonly [name: ItemName, index: number, outcome: unknown][] = [
  ['daily_freeze_stamp', 1, { ok: true, value: midnight('2026-03-05') }],
  ['daily_freeze_forward_active', 1, { ok: true, value: at(midnight('2026-03-05')) }],
  ['daily_freeze_stamp', 2, { ok: true, value: midnight('2026-03-04') }],
  ['daily_freeze_forward_active', 2, { ok: true, value: at(midnight('2026-03-04')) }],
  ['daily_freeze_stamp', 3, absent],
  ['daily_freeze_forward_active', 3, absent],
  ['daily_freeze_forward_active', 13, { ok: true, value: at(midnight('2026-02-21')) }],
  ['daily_freeze_stamp', 14, absent],
  ['daily_freeze_stamp', 62, absent],
  ['daily_freeze_stamp', 63, 'refused'],
  ['forward_active_block', 0, { ok: true, value: at(now - 7000) }],
  ['forward_active_total', 0, { ok: true, value: { ...at(now - 7000), touE4: [null, null, null, null] } }],
  ['date_and_weekday', 0, { ok: true, value: { date: '2026-03-05', weekday: 4 } }],
  ['time_of_day', 0, { ok: true, value: 9 * 3600 + 5 * 60 + 7 }],
  ['status_word_3', 0, { ok: true, value: 0 }],
]

for (const [name, index, outcome] of answers) {
  t.test(`answers ${name} ${index} with what it kept`, async (t) => {
    const reply = replyTo(identifierOf(name, index))
    t.equal(reply.address, address)
    t.strictSame(reply.kind === 'data' ? decodeItem(name, reply.payload) : reply.kind, outcome)
  })
}

t.test('refuses an item it does not have as no_such_data', async (t) => {
  t.strictSame(replyTo('02AA0100'), { kind: 'refused', address: address, reasons: ['no_such_data'] })
})

t.test('index 1 moves on exactly at midnight', async (t) => {
  const before = replyTo('05060001', midnight('2026-03-05') - 1)
  const after = replyTo('05060001', midnight('2026-03-05'))
  t.match(before, { payload: Buffer.from('0000040326', 'hex') })
  t.match(after, { payload: Buffer.from('0000050326', 'hex') })
})

function replyTo(dataIdentifier: string, asked = now) {
  const bytes = present(meter.answer(openFrame(encodeReadRequest(address, dataIdentifier)), asked), 'an answer')
  const frame = decodeFrame(bytes.subarray(bytes.indexOf(0x68)))
  if (!frame.ok) throw new Error(frame.error.kind)
  const reply = parseReply(frame.value)
  if (!reply.ok) throw new Error(reply.error.kind)
  return reply.value
}
