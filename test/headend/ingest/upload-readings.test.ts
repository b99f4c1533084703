import t from 'tap'
import { beijing, dayMs, minuteMs } from '../../../domain/time.js'
import { assignFreezes, readUpload } from '../../../headend/ingest/upload-readings.js'
import { encodeItem, identifierOf } from '../../../protocols/dlt645/data-items.js'
import { encodeDataReply, encodeReadRequest, encodeRefusal } from '../../../protocols/dlt645/messages-2007.js'
import { registersOf } from '../../support/field-world.js'

const midnight = beijing.startOfDay('2026-07-02')
const address = '000000000001'
const other = '000000000002'

function stamp(from: string, at = midnight, index = 1): Buffer {
  return encodeDataReply(from, identifierOf('daily_freeze_stamp', index), encodeItem('daily_freeze_stamp', at))
}
function registers(from: string, index = 1): Buffer {
  const payload = encodeItem('daily_freeze_forward_active', registersOf(1, midnight))
  return encodeDataReply(from, identifierOf('daily_freeze_forward_active', index), payload)
}
const absent = encodeDataReply(address, identifierOf('daily_freeze_stamp', 1), Buffer.alloc(5, 0xff))
const notBcd = encodeDataReply(address, identifierOf('daily_freeze_stamp', 1), Buffer.from('000002ab26', 'hex'))
const block = encodeDataReply(
  address,
  identifierOf('forward_active_block'),
  encodeItem('forward_active_block', registersOf(1, midnight)),
)
const broken = Buffer.from(stamp(address))
broken.writeUInt8(broken.readUInt8(12) ^ 1, 12)

const table: readonly (readonly [string, readonly Buffer[], number, readonly string[]])[] = [
  ['a stamp and its registers make a freeze', [stamp(address), registers(address)], 1, []],
  ['meters may be mixed', [stamp(address), stamp(other), registers(other), registers(address)], 2, []],
  ['registers need a stamp', [registers(address)], 0, ['registers_without_stamp']],
  [
    'registers need their own meter’s stamp',
    [stamp(other), registers(address)],
    0,
    ['registers_without_stamp', 'stamp_without_registers'],
  ],
  [
    'registers need the stamp of their index',
    [stamp(address, midnight, 2), registers(address)],
    0,
    ['registers_without_stamp'],
  ],
  [
    'a second stamp replaces the first',
    [stamp(address), stamp(address), registers(address)],
    1,
    ['stamp_without_registers'],
  ],
  ['a stamp serves once', [stamp(address), registers(address), registers(address)], 1, ['registers_without_stamp']],
  [
    'a broken frame costs its own freeze only',
    [broken, registers(address), stamp(other), registers(other)],
    1,
    ['frame_damaged', 'registers_without_stamp'],
  ],
  ['an absent value', [absent], 0, ['value_absent']],
  ['digits that are none', [notBcd], 0, ['value_invalid']],
  ['a refusal', [encodeRefusal(address, ['no_such_data'])], 0, ['refused']],
  ['a request', [encodeReadRequest(address, identifierOf('daily_freeze_stamp', 1))], 0, ['not_a_reply']],
  ['an item that nobody asked for', [block], 0, ['unknown_item']],
]

for (const [name, frames, freezes, reasons] of table) {
  t.test(name, async (t) => {
    const content = readUpload(frames)
    t.equal(content.freezes.length, freezes)
    t.same(
      content.rejected.map(({ reason }) => reason),
      reasons,
    )
  })
}

t.test('a freeze belongs to the meter that was installed at its midnight', async (t) => {
  const meter = { communicationAddress: address, effectiveFrom: midnight - dayMs, effectiveTo: midnight }
  const meters = [
    { ...meter, meterId: 1n },
    { ...meter, meterId: 2n, effectiveFrom: midnight, effectiveTo: null },
  ]
  const cases = [
    { at: midnight - dayMs, meterId: 1n, source: 'backfill' },
    { at: midnight, meterId: 2n, source: 'scheduled' },
    { at: midnight + 3 * minuteMs, meterId: 2n, source: 'scheduled' },
  ] as const
  for (const { at, meterId, source } of cases) {
    const frames = [stamp(address, at), registers(address)]
    const { readings } = assignFreezes(readUpload(frames).freezes, meters, midnight + minuteMs)
    t.match(readings, [{ meterId, source, response: Buffer.concat(frames), request: null }])
  }
})

t.test('a freeze without a meter or without a midnight is kept aside with both frames', async (t) => {
  const meters = [{ communicationAddress: address, effectiveFrom: 0, effectiveTo: null, meterId: 1n }]
  const noon = [stamp(address, midnight + dayMs / 2), registers(address)]
  const stranger = [stamp(other), registers(other)]
  t.same(assignFreezes(readUpload([...noon, ...stranger]).freezes, meters, midnight), {
    readings: [],
    rejected: [
      { reason: 'stamp_not_midnight', payload: Buffer.concat(noon) },
      { reason: 'unknown_meter', payload: Buffer.concat(stranger) },
    ],
  })
})
