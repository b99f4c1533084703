import { err, ok, type Result } from '../../domain/result.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import { type FieldValue, writeFields } from '../../protocols/dlt645/field.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import { eventKindOf, isEventCount } from './event-kinds.js'
import { eventRecord } from './event-records.js'
import { itemFields } from './item-fields.js'
import { loadSlots } from './load-slots.js'
import { registerValue } from './register-values.js'
import { relayStateOf } from './relay-state.js'
import type { SetItemError } from './set-item-error.js'
import type { SetValue } from './set-value.js'
import { toE4 } from './to-e4.js'
import { touDecoder } from './tou-items.js'

/** Items that are neither registers nor events nor load records, by identifier; both editions have their own. */
const singleItems: Readonly<Record<string, (fields: readonly FieldValue[]) => Result<SetValue, SetItemError>>> = {
  '04000B01': settlementDay,
  C117: settlementDay,
  '04000101': meterDate,
  C010: meterDate,
  '04000102': meterTime,
  C011: meterTime,
  '04000503': statusWord3,
}

/**
 * What a reply's payload says as an item of a reading set: the one decoder for lines, for concentrators that pass frames on and for
 * those that send values. Pure; `dataIdentifier` is upper-case hexadecimal, high byte first.
 */
export function decodeSetItem(
  edition: Edition,
  dataIdentifier: string,
  payload: Buffer,
): Result<SetValue, SetItemError> {
  if (findDataItem(edition, dataIdentifier)?.layout.kind === 'load_records') {
    const slots = loadSlots(payload)
    return slots.ok ? ok({ kind: 'load_records', slots: slots.value }) : slots
  }
  const fields = itemFields(edition, dataIdentifier, payload)
  return fields.ok ? valueOf(edition, dataIdentifier, fields.value) : fields
}

/** Payload of an item that a concentrator gave as text, to be decoded like any other; null where the item has more than one field. */
export function payloadOfText(edition: Edition, dataIdentifier: string, text: string | null): Buffer | null {
  const layout = findDataItem(edition, dataIdentifier)?.layout
  if (layout?.kind !== 'fixed' || layout.fields.length !== 1) return null
  return writeFields(layout.fields, [text])
}

function valueOf(
  edition: Edition,
  dataIdentifier: string,
  fields: readonly FieldValue[],
): Result<SetValue, SetItemError> {
  const single = singleItems[dataIdentifier]
  if (single !== undefined) return single(fields)
  if (edition === '1997') return registerValue(fields)
  if (isEventCount(dataIdentifier)) return eventCounts(fields)
  const tou = touDecoder(dataIdentifier)
  if (tou !== null) {
    const item = tou(fields)
    return item.ok ? ok({ kind: 'tou_item', item: item.value }) : item
  }
  const kind = eventKindOf(dataIdentifier)
  if (kind !== null) {
    const record = eventRecord(kind, fields)
    return record.ok ? ok({ kind: 'event', record: record.value }) : record
  }
  return fields[0]?.name === 'frozenAt' ? freeze(fields) : registerValue(fields)
}

/** The stamp of a freeze, or the hourly freeze whole: its stamp, forward and reverse. */
function freeze([stamp, ...values]: readonly FieldValue[]): Result<SetValue, SetItemError> {
  if (stamp === undefined || stamp.value === null) return err({ kind: 'value_absent' })
  const at = instantOfMeterTime(`${stamp.value}:00`)
  if (values.length === 0) return ok({ kind: 'freeze_stamp', stamp: at })
  if (values.length !== hourlyValues) return err({ kind: 'unknown_item' })
  const valuesE4 = values.map(({ value }) => toE4(value))
  return valuesE4[0] === null ? err({ kind: 'value_absent' }) : ok({ kind: 'hourly_freeze', stamp: at, valuesE4 })
}

/** Forward and reverse active total. */
const hourlyValues = 2
const unusedDay = '9999'
const lastSettlementDay = 28

/** DDhh; a day that not every month has settles nothing. */
function settlementDay([field]: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const text = field?.value ?? null
  if (text === null) return err({ kind: 'value_absent' })
  if (text === unusedDay) return ok({ kind: 'settlement_day', settlementDay: null })
  const [day, hour] = [Number(text.slice(0, 2)), Number(text.slice(2))]
  if (day < 1 || day > lastSettlementDay || hour > 23) return err({ kind: 'value_invalid' })
  return ok({ kind: 'settlement_day', settlementDay: { day, hour } })
}

function eventCounts(fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const counts = fields.filter(({ name }) => name.startsWith('eventCount')).map(({ value }) => value)
  if (counts.length === 0 || counts.includes(null)) return err({ kind: 'value_absent' })
  return ok({ kind: 'event_counts', counts: counts.map(Number) })
}

function meterDate(fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const date = fields.find(({ name }) => name === 'date')?.value ?? null
  return date === null ? err({ kind: 'value_absent' }) : ok({ kind: 'meter_date', date })
}

function meterTime([field]: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const text = field?.value ?? null
  if (text === null) return err({ kind: 'value_absent' })
  const [hour = 0, minute = 0, second = 0] = text.split(':').map(Number)
  return ok({ kind: 'meter_time', secondOfDay: (hour * 60 + minute) * 60 + second })
}

function statusWord3([field]: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const hex = field?.value ?? null
  return hex === null
    ? err({ kind: 'value_absent' })
    : ok({ kind: 'relay_state', state: relayStateOf(Number.parseInt(hex, 16)) })
}
