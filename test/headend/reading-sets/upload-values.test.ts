import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { quarterHourRecords } from '../../../headend/reading-sets/curve-source.js'
import { payloadOfText } from '../../../headend/reading-sets/decode-set-item.js'
import { type UploadedItem, valuesOfUpload } from '../../../headend/reading-sets/upload-values.js'
import { encodeLoadRecord } from '../../../protocols/dlt645/load-records.js'

const day = beijing.startOfDay('2026-07-01')
const readAt = day + 9 * hourMs

function item(dataIdentifier: string, payload: Buffer | string, more: Partial<UploadedItem> = {}): UploadedItem {
  const bytes = typeof payload === 'string' ? Buffer.from(payload.replaceAll(' ', ''), 'hex') : payload
  const frame = { protocol: 'dlt645_2007', request: null, response: bytes, receivedAt: readAt + dayMs } as const
  return {
    meterId: 1n,
    registerDigits: 6,
    edition: '2007',
    dataIdentifier,
    payload: bytes,
    readAt,
    evidence: { frame, slice: { offset: 0, length: bytes.length } },
    ...more,
  }
}

t.test('curves and hourly freezes are filed under their slots', async (t) => {
  const energy = Buffer.from('00010000'.repeat(4), 'hex')
  const power = Buffer.from('000100'.repeat(8), 'hex')
  const record = encodeLoadRecord(Buffer.from('1500010726', 'hex'), [null, power, null, energy, null, null])
  const { values, problems } = valuesOfUpload(
    [item('06000001', record), item('0504FF01', '0009010726 00020000 00000000')],
    quarterHourRecords,
  )
  t.same(problems, [])
  t.match(values, [
    { kind: 'interval', curve: 'load_power', slotStart: day, slotEnd: day + 15 * minuteMs },
    { kind: 'interval', curve: 'load_energy', slotStart: day, valuesE4: [10_000n, 10_000n, 10_000n, 10_000n] },
    { kind: 'interval', curve: 'hourly_energy', slotStart: day + 8 * hourMs, valuesE4: [20_000n, 0n] },
  ])
})

t.test('registers of a settlement whose tariffs cannot make up the total are no settlement', async (t) => {
  const registers = item('0001FF01', '00100000 00990099 00000000 00000000 00000000')
  t.match(valuesOfUpload([registers, item('04000B01', '0001')], quarterHourRecords), {
    values: [],
    problems: [{ item: registers, cause: 'tariffs_contradict_total' }],
  })
})

t.test('a settlement counts only with its day and the moment at which it was read', async (t) => {
  const registers = item('0001FF01', '15000000 03000000 12000000')
  const demand = item('0101FF01', '563412 3012300626')
  const settlementDay = item('04000B01', '0001')
  t.match(valuesOfUpload([registers, demand, settlementDay], quarterHourRecords), {
    values: [
      { kind: 'settlement', settledAt: day, quantity: 'forward_active_energy' },
      { kind: 'demand', settledAt: day, quantity: 'forward_active_demand' },
    ],
    problems: [],
  })
  t.match(valuesOfUpload([registers], quarterHourRecords), { values: [], problems: [{ cause: 'undated' }] })
  t.match(valuesOfUpload([{ ...registers, readAt: null }, settlementDay], quarterHourRecords), {
    values: [],
    problems: [{ cause: 'undated' }],
  })
  for (const dataIdentifier of ['0001FF00', '05060201'])
    t.match(
      valuesOfUpload([{ ...registers, dataIdentifier }, settlementDay], quarterHourRecords),
      { values: [], problems: [{ cause: 'unknown_item' }] },
      'running registers and freezes are of another moment',
    )
  const other = { ...settlementDay, meterId: 2n }
  t.match(valuesOfUpload([registers, other], quarterHourRecords), { values: [], problems: [{ cause: 'undated' }] })
})

t.test('a value that came as text is dated by what the message says', async (t) => {
  const word = present(payloadOfText('2007', '04000503', '0050'), 'a payload')
  t.match(valuesOfUpload([item('04000503', word)], quarterHourRecords).values, [
    { kind: 'relay', readAt, relayOpen: true },
  ])
  t.match(valuesOfUpload([item('04000503', word, { readAt: null })], quarterHourRecords).problems, [
    { cause: 'undated' },
  ])
})

t.test('events get the ordinals that a line would give them, in whatever order they stand', async (t) => {
  const records = [
    item('03110001', '000008010726 003008010726'),
    item('03110002', '000008010726 001008010726'),
    item('03110003', '000007010726 000000000000'),
    item('03110004', '000000000000 000000000000'),
  ]
  const { values } = valuesOfUpload(records.toReversed(), quarterHourRecords)
  t.match(values, [
    { event: 'mains_lost', occurredAt: day + 8 * hourMs, ordinal: 2 },
    { event: 'mains_lost', occurredAt: day + 8 * hourMs, ordinal: 1 },
    { event: 'mains_lost', occurredAt: day + 7 * hourMs, ordinal: 1, endedAt: null },
  ])
  t.match(valuesOfUpload([item('03110000', '030000')], quarterHourRecords).counts, [
    { event: 'mains_lost', counted: 3, countedAt: readAt },
  ])
})

t.test('what is no value, or of no set, is named with its item', async (t) => {
  const { values, problems } = valuesOfUpload(
    [item('0001FF01', 'ffffffff'), item('02010100', '2022'), item('04000102', '000012')],
    quarterHourRecords,
  )
  t.same(values, [])
  t.same(
    problems.map(({ cause }) => cause),
    ['value_absent', 'unknown_item', 'unknown_item'],
  )
})
