import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, dayMs, minuteMs } from '../../../domain/time.js'
import { packFrame, placeFreezes, readUpload } from '../../../headend/ingest/upload-readings.js'
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
  ['an item of another kind, which is looked at elsewhere', [block], 0, []],
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

const meter = { lineId: 1n, communicationAddress: address, registerDigits: 6, effectiveFrom: 0, effectiveTo: null }

t.test('a freeze belongs to the meter that was installed at its midnight', async (t) => {
  const meters = [
    { ...meter, meterId: 1n, effectiveTo: midnight },
    { ...meter, meterId: 2n, effectiveFrom: midnight },
  ]
  const cases = [
    { at: midnight - dayMs, meterId: 1n, source: 'backfill' },
    { at: midnight, meterId: 2n, source: 'scheduled' },
    { at: midnight + 3 * minuteMs, meterId: 2n, source: 'scheduled' },
  ] as const
  for (const { at, meterId, source } of cases) {
    const replies = [stamp(address, at), registers(address)]
    const { placed } = placeFreezes(readUpload(replies).freezes, () => meters, midnight + minuteMs)
    t.match(placed, [{ meterId, source, replies }])
  }
})

t.test('what cannot be a reading of a meter of ours is kept aside with both frames', async (t) => {
  const narrow = { ...meter, meterId: 1n, registerDigits: 4 }
  const wide = encodeItem('daily_freeze_forward_active', { totalE4: 100_000_000n, touE4: [null, null, null, 0n] })
  const wideReply = encodeDataReply(address, identifierOf('daily_freeze_forward_active', 1), wide)
  const contradicting = encodeDataReply(
    address,
    identifierOf('daily_freeze_forward_active', 1),
    encodeItem('daily_freeze_forward_active', { totalE4: 100_000n, touE4: [99_990_000n, 0n, 0n, 0n] }),
  )
  const cases = [
    { pair: [stamp(address, midnight + dayMs / 2), registers(address)], reason: 'stamp_not_midnight' },
    { pair: [stamp(address, midnight - 401 * dayMs), registers(address)], reason: 'stamp_out_of_range' },
    { pair: [stamp(address, midnight + 2 * dayMs), registers(address)], reason: 'stamp_out_of_range' },
    { pair: [stamp(other), registers(other)], reason: 'unknown_meter' },
    { pair: [stamp(address), wideReply], reason: 'register_too_wide' },
    { pair: [stamp(address), contradicting], reason: 'tariffs_contradict_total' },
  ] as const
  const { freezes } = readUpload(cases.flatMap(({ pair }) => pair))
  t.same(
    placeFreezes(freezes, (asked) => (asked === address ? [narrow] : []), midnight),
    { placed: [], rejected: cases.map(({ pair, reason }) => ({ reason, payload: Buffer.concat(pair) })) },
  )
})

t.test('an upload is one frame, in which each reading has the slice that proves it', async (t) => {
  const mixed = [stamp(address), stamp(other), registers(other), registers(address)]
  const meterId = (asked: string): bigint => (asked === address ? 1n : 2n)
  const { placed } = placeFreezes(
    readUpload(mixed).freezes,
    (asked) => [{ ...meter, meterId: meterId(asked) }],
    midnight,
  )
  const frame = present(packFrame(7n, placed, midnight), 'a frame')
  t.match(frame, { lineId: 7n, meterId: null, request: null, receivedAt: midnight })
  t.same(
    frame.readings.map(({ meterId: of, slice }) => [
      of,
      frame.response.subarray(slice?.offset, (slice?.offset ?? 0) + (slice?.length ?? 0)),
    ]),
    [
      [2n, Buffer.concat([stamp(other), registers(other)])],
      [1n, Buffer.concat([stamp(address), registers(address)])],
    ],
  )
  t.equal(packFrame(7n, [], midnight), null)
})
