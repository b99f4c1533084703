import type { Quantity } from '../../domain/quantities.js'
import { present, unreachable } from '../../domain/result.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { type Edition, formsOf, type Layout } from '../../protocols/dlt645/data-item.js'
import { identifierOf } from '../../protocols/dlt645/data-items.js'
import { bytesOf } from '../../protocols/dlt645/field.js'
import { loadClasses } from '../../protocols/dlt645/load-records.js'
import { identifierBytes } from '../../protocols/dlt645/message.js'
import { minuteStampField } from '../../protocols/dlt645/time-fields.js'
import { eventKindNames, eventKinds } from './event-kinds.js'
import { clockItems } from './read-clock.js'
import { type LoadCurve, loadCurveItems, recordsPerRequest } from './read-curve.js'
import { dailyFreezeItem } from './read-daily-freezes.js'
import { hourlyFreezeItem } from './read-hourly-freezes.js'
import { monthlyItems } from './read-monthly-set.js'
import { relayItem } from './read-relay-status.js'
import { usualTouItems } from './read-tou-tables.js'

/** One request and the reply that a usual meter gives, in bytes from 68H to 16H; wake-up bytes are the line's own matter. */
export interface PlannedExchange {
  readonly requestBytes: number
  readonly replyBytes: number
}

/** A reading set as a schedule plans it. */
export type PlannedSet =
  | { readonly set: 'daily_freeze'; readonly quantities: readonly Quantity[]; readonly hasParity: boolean }
  | { readonly set: 'monthly_set'; readonly edition: Edition; readonly hasParity: boolean }
  | { readonly set: 'curve'; readonly curve: LoadCurve; readonly slots: number }
  | { readonly set: 'hourly_freeze'; readonly hours: number }
  /** Of a meter to which nothing has happened. */
  | { readonly set: 'events' }
  | { readonly set: 'clock'; readonly edition: Edition }
  | { readonly set: 'relay_status' }
  /** Of a meter with one day table for each season, without holidays. */
  | { readonly set: 'tou_tables' }

/** Start, address, start, control code, length; checksum and end. */
const frameOverhead = 12
/** Tariffs of a usual meter, and its total. */
const registersOfBlock = 5
/** Data bytes that a usual meter puts into one frame, identifier included. */
const dataBytesOfFrame = 174
const sequenceBytes = 1
/** Number of records and the time of the first. */
const selectionBytes = 1 + minuteStampField.bytes
/** Start twice, length; sum and end. */
const recordOverhead = 3 + minuteStampField.bytes + 2

/** The exchanges of a set, so that a window can be predicted before it opens. Errors and repetitions are not in it. */
export function airtimeOf(planned: PlannedSet): readonly PlannedExchange[] {
  switch (planned.set) {
    case 'daily_freeze':
      return [
        ...items('2007', [identifierOf('daily_freeze_stamp', 1)]),
        ...certainItems(
          '2007',
          planned.quantities.map((quantity) => dailyFreezeItem(quantity, 1)),
          planned.hasParity,
        ),
      ]
    case 'monthly_set': {
      const { settlementDay, registers, demand } = monthlyItems[planned.edition]
      return [
        ...items(planned.edition, [settlementDay]),
        ...certainItems(planned.edition, [...registers, ...demand], planned.hasParity),
      ]
    }
    case 'curve':
      return curveExchanges(planned.curve, planned.slots)
    case 'hourly_freeze':
      return items(
        '2007',
        Array.from({ length: planned.hours }, (_, index) => hourlyFreezeItem(index + 1)),
      )
    case 'events':
      return items('2007', [...new Set(eventKindNames.map((kind) => eventKinds[kind].countItem))])
    case 'clock': {
      const { date, time } = clockItems[planned.edition]
      return items(planned.edition, [date, time])
    }
    case 'relay_status':
      return items('2007', [relayItem])
    case 'tou_tables':
      return items('2007', usualTouItems)
    default:
      return unreachable(planned)
  }
}

function items(edition: Edition, identifiers: readonly string[]): readonly PlannedExchange[] {
  return identifiers.flatMap((dataIdentifier) => {
    const item = present(findDataItem(edition, dataIdentifier), `the item ${dataIdentifier}`)
    return exchangesOf(edition, payloadBytes(item.layout), 0)
  })
}

/** Read twice where neither parity nor tariffs vouch for the value. */
function certainItems(
  edition: Edition,
  identifiers: readonly string[],
  hasParity: boolean,
): readonly PlannedExchange[] {
  return identifiers.flatMap((dataIdentifier) => {
    const once = items(edition, [dataIdentifier])
    const fields = formsOf(present(findDataItem(edition, dataIdentifier), 'an item').layout).at(-1) ?? []
    const hasTariffs = fields.some(({ name }) => /EnergyTou/.test(name))
    return hasParity && hasTariffs ? once : [...once, ...once]
  })
}

function curveExchanges(curve: LoadCurve, slots: number): readonly PlannedExchange[] {
  const loadClass = Number(loadCurveItems[curve].slice(2, 4))
  const recordBytes = recordOverhead + bytesOf(loadClasses[loadClass - 1] ?? []) + loadClasses.length
  return Array.from({ length: Math.ceil(slots / recordsPerRequest) }, (_, index) =>
    Math.min(recordsPerRequest, slots - index * recordsPerRequest),
  ).flatMap((records) => exchangesOf('2007', records * recordBytes, selectionBytes))
}

/** The first exchange, and one for each further part. */
function exchangesOf(edition: Edition, payload: number, selection: number): readonly PlannedExchange[] {
  const head = frameOverhead + identifierBytes[edition]
  const room = dataBytesOfFrame - identifierBytes[edition]
  const first = { requestBytes: head + selection, replyBytes: head + Math.min(payload, room) }
  const numbered = edition === '2007' ? sequenceBytes : 0
  const partRoom = room - numbered
  const parts = Array.from({ length: Math.max(0, Math.ceil((payload - room) / partRoom)) }, (_, index) => ({
    requestBytes: head + numbered,
    replyBytes: head + numbered + Math.min(partRoom, payload - room - index * partRoom),
  }))
  return [first, ...parts]
}

function payloadBytes(layout: Layout): number {
  switch (layout.kind) {
    case 'fixed':
      return bytesOf(layout.fields)
    case 'block':
      return layout.groups.slice(0, registersOfBlock).reduce((sum, group) => sum + bytesOf(group), 0)
    case 'variants':
      return bytesOf(layout.variants[0] ?? [])
    case 'load_records':
      return 0
    default:
      return unreachable(layout)
  }
}
