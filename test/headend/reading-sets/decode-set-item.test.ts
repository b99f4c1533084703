import t from 'tap'
import { beijing } from '../../../domain/time.js'
import { decodeSetItem, payloadOfText } from '../../../headend/reading-sets/decode-set-item.js'
import { eventKindNames, eventKinds, eventRecordItem } from '../../../headend/reading-sets/event-kinds.js'
import { clockItems } from '../../../headend/reading-sets/read-clock.js'
import { dailyFreezeItem, frozenQuantities } from '../../../headend/reading-sets/read-daily-freezes.js'
import { hourlyFreezeItem } from '../../../headend/reading-sets/read-hourly-freezes.js'
import { monthlyItems } from '../../../headend/reading-sets/read-monthly-set.js'
import { relayItem } from '../../../headend/reading-sets/read-relay-status.js'
import type { SetValue } from '../../../headend/reading-sets/set-value.js'
import { findDataItem } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { type Edition, formsOf } from '../../../protocols/dlt645/data-item.js'
import { bytesOf, type Field, writeFields } from '../../../protocols/dlt645/field.js'
import { encodeLoadRecord } from '../../../protocols/dlt645/load-records.js'

/** Every identifier that a reading set asks for, with the kind of value it must give. */
const asked: readonly (readonly [Edition, string, SetValue['kind']])[] = [
  ...(['2007', '1997'] as const).flatMap((edition): readonly (readonly [Edition, string, SetValue['kind']])[] => [
    [edition, monthlyItems[edition].settlementDay, 'settlement_day'],
    ...monthlyItems[edition].registers.map((item) => [edition, item, 'registers'] as const),
    [edition, clockItems[edition].date, 'meter_date'],
    [edition, clockItems[edition].time, 'meter_time'],
  ]),
  ['2007', '0101FF01', 'demand'],
  ['1997', 'A41F', 'demand_values'],
  ['1997', 'B41F', 'demand_times'],
  ['2007', '05060001', 'freeze_stamp'],
  ['2007', hourlyFreezeItem(1), 'hourly_freeze'],
  ...frozenQuantities.map((quantity) => ['2007', dailyFreezeItem(quantity, 7), 'registers'] as const),
  ...eventKindNames.map((kind) => ['2007', eventKinds[kind].countItem, 'event_counts'] as const),
  ...eventKindNames.map((kind) => ['2007', eventRecordItem(kind, 10), 'event'] as const),
  ['2007', relayItem, 'relay_state'],
]

/** A form of the item that a meter with four tariffs would give. */
function formOf(edition: Edition, dataIdentifier: string): readonly Field[] {
  const layout = findDataItem(edition, dataIdentifier)?.layout
  const forms = layout === undefined ? [] : formsOf(layout)
  const wanted = layout?.kind === 'block' ? forms[4] : forms[0]
  return wanted ?? []
}

/** A text of the field's type; a settlement day must be a day of every month. */
function exampleOf({ name, type }: Field): string {
  return name === 'settlementDay1' ? '0100' : type.example
}

t.test('every item that a set asks for is decoded from its catalogue form, and from no other length', async (t) => {
  for (const [edition, dataIdentifier, kind] of asked) {
    const fields = formOf(edition, dataIdentifier)
    const payload = writeFields(fields, fields.map(exampleOf))
    t.ok(payload !== null && payload.length === bytesOf(fields) && payload.length > 0, dataIdentifier)
    if (payload === null) continue
    t.match(
      decodeSetItem(edition, dataIdentifier, payload),
      { ok: true, value: { kind } },
      `${edition} ${dataIdentifier}`,
    )
    t.same(
      decodeSetItem(edition, dataIdentifier, payload.subarray(1)),
      { ok: false, error: { kind: 'length_mismatch' } },
      `${dataIdentifier}, a byte short`,
    )
  }
})

t.test('registers keep signs, absences and exact digits', async (t) => {
  const payload = Buffer.from('99990000 00000000 01000000 ffffffff 98990000'.replaceAll(' ', ''), 'hex')
  t.same(decodeSetItem('2007', '0001FF01', payload), {
    ok: true,
    value: {
      kind: 'registers',
      quantity: 'forward_active_energy',
      registers: { totalE4: 999_900n, touE4: [0n, 100n, null, 999_800n] },
    },
  })
  t.same(decodeSetItem('2007', '00030001', Buffer.from('34120080', 'hex')), {
    ok: true,
    value: {
      kind: 'registers',
      quantity: 'combined_reactive1_energy',
      registers: { totalE4: -123_400n, touE4: [null, null, null, null] },
    },
  })
})

const errors = [
  ['an absent total', '0001FF01', 'ffffffff00000000', 'value_absent'],
  ['digits that are not BCD', '0001FF01', '0a000000', 'value_invalid'],
  ['five tariffs', '0001FF01', '00000000'.repeat(6), 'more_than_four_tariffs'],
  ['a settlement day that not every month has', '04000B01', '0031', 'value_invalid'],
  ['an hour that no day has', '04000B01', '2401', 'value_invalid'],
  ['a clock in a month that no year has', '04000101', '04011326', 'value_invalid'],
  ['a record cut off', '06040001', 'a0a0', 'value_invalid'],
  ['an item of no set', '02010100', '0000', 'unknown_item'],
  ['an item of no catalogue', 'FFFFFFFF', '00', 'unknown_item'],
] as const

t.test('what is no value is told by name', async (t) => {
  for (const [title, dataIdentifier, hex, kind] of errors)
    t.same(decodeSetItem('2007', dataIdentifier, Buffer.from(hex, 'hex')), { ok: false, error: { kind } }, title)
})

t.test('a demand that never came about has no time, and an unused settlement day is none', async (t) => {
  const never = Buffer.from('0000000000000000', 'hex')
  t.match(decodeSetItem('2007', '0101FF01', never), {
    ok: true,
    value: { demands: { total: { valueE4: 0n, occurredAt: null }, tou: [null, null, null, null] } },
  })
  const demand = Buffer.from('563412 3012150726'.replaceAll(' ', ''), 'hex')
  t.match(decodeSetItem('2007', '0101FF01', demand), {
    ok: true,
    value: { demands: { total: { valueE4: 123_456n, occurredAt: beijing.startOfDay('2026-07-15') + 45_000_000 } } },
  })
  t.same(decodeSetItem('2007', '04000B01', Buffer.from('9999', 'hex')), {
    ok: true,
    value: { kind: 'settlement_day', settlementDay: null },
  })
})

t.test('load records that the meter marked as bad are left out, and so are classes it does not keep', async (t) => {
  const energy = Buffer.from('00010000'.repeat(4), 'hex')
  const record = encodeLoadRecord(Buffer.from('1500010726', 'hex'), [null, null, null, energy, null, null])
  const bad = Buffer.from(record)
  bad.fill(0xe0, 0, 2)
  bad[bad.length - 2] = ((bad[bad.length - 2] ?? 0) + 2 * 0x40) & 0xff
  const stamp = beijing.startOfDay('2026-07-01') + 900_000
  t.same(decodeSetItem('2007', '06040001', Buffer.concat([bad, record])), {
    ok: true,
    value: { kind: 'load_records', slots: [{ stamp, powerE4: null, energyE4: [10_000n, 10_000n, 10_000n, 10_000n] }] },
  })
})

t.test('a value that a concentrator gives as text goes the same way as bytes', async (t) => {
  const payload = payloadOfText('2007', '00030001', '-12.34')
  t.same(payload, Buffer.from('34120080', 'hex'))
  t.equal(payloadOfText('2007', '0001FF01', '12.34'), null, 'a block is more than one text')
  t.equal(payloadOfText('2007', '00030001', 'twelve'), null)
})
