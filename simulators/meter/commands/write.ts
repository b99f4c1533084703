import type { Instant } from '../../../domain/time.js'
import { findDataItem, findFamily } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { credentials } from '../../../protocols/dlt645/credentials.js'
import { fieldsFor } from '../../../protocols/dlt645/data-item.js'
import { bytesOf, readFields } from '../../../protocols/dlt645/field.js'
import type { Message } from '../../../protocols/dlt645/message.js'
import type { RefusalReason } from '../../../protocols/dlt645/refusal.js'
import { instantOfMeterTime } from '../../../protocols/dlt645/time-formats.js'
import { usualTariffs } from '../description.js'
import type { MeterMemory } from '../memory.js'
import { planSwitch } from '../set-in-use.js'
import { setClock } from './clock.js'
import { noteEvent } from './note-event.js'
import { type CommandOutcome, done, ignored, refused } from './outcome.js'
import { authorised } from './passwords.js'

export function write(
  message: Message,
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  const { edition, dataIdentifier, payload } = message
  if (dataIdentifier === null) return refused('other')
  const family = findFamily(edition, dataIdentifier)
  const item = findDataItem(edition, dataIdentifier)
  if (family === null || item === null || family.access === 'r') return refused('no_such_data')
  const denied = authorised(message, values, memory, now)
  if (denied !== null) return denied
  const value = payload.subarray(edition === '2007' ? bytesOf(credentials) : 4)
  const fields = fieldsFor(item.layout, value.length)
  const texts = fields === null ? null : readFields(fields, value)
  if (texts === null || texts.some(({ state }) => state === 'invalid')) return refused('other')
  const beyond = texts.flatMap(({ name, value: text }) => beyondMeter(name, text ?? ''))
  if (beyond.length > 0) return refused(...beyond)
  const shown = memory.clock.shownAt(now)
  store(dataIdentifier, value, new Map(texts.map(({ name, value: text }) => [name, text ?? ''])), memory, now)
  noteEvent(memory, '033000', shown, values.get('operator') ?? '00000000', [dataIdentifier.padStart(8, '0')])
  return done
}

/** What the meter has room for, with what it says to more. */
const room: Readonly<Record<string, readonly [most: number, reason: RefusalReason]>> = {
  yearZones: [14, 'too_many_year_zones'],
  daySlots: [14, 'too_many_day_slots'],
  tariffs: [usualTariffs, 'too_many_tariffs'],
}

function beyondMeter(name: string, text: string): readonly RefusalReason[] {
  const [most, reason] = room[name] ?? []
  if (most !== undefined && reason !== undefined && Number(text) > most) return [reason]
  const namesTariff = /^slot\d+$/.test(name)
  return namesTariff && Number(text.slice(tariffOfSlot)) > usualTariffs ? ['too_many_tariffs'] : []
}

/** A slot is hhmmNN. */
const tariffOfSlot = 4

const clockItems = new Set(['04000101', '04000102', '0400010C', 'C010', 'C011'])

function store(
  dataIdentifier: string,
  value: Buffer,
  texts: ReadonlyMap<string, string>,
  memory: MeterMemory,
  now: Instant,
): void {
  if (clockItems.has(dataIdentifier)) return setClock(texts, memory, now)
  if (dataIdentifier === '04000401') memory.address = texts.get('address') ?? memory.address
  else if (dataIdentifier.startsWith('04000C'))
    memory.passwords.set(texts.get('level') ?? '', texts.get('password') ?? '')
  else {
    memory.parameters.set(dataIdentifier, Buffer.from(value))
    const shown = memory.clock.shownAt(now)
    const moment = texts.get('zoneTableChange') ?? texts.get('dayTableChange')
    const switchAt = moment === undefined || moment === '' ? null : instantOfMeterTime(`${moment}:00`)
    if (dataIdentifier === '04000106') memory.zoneTables = planSwitch(memory.zoneTables, shown, switchAt)
    if (dataIdentifier === '04000107') memory.dayTableSets = planSwitch(memory.dayTableSets, shown, switchAt)
    if (decidesTariff.test(dataIdentifier)) memory.scheduleVersion += 1
  }
}

/** Zones, day tables, holidays and their number, rest days, and when the sets change over. */
const decidesTariff = /^(?:040[12]|0403|04000106|04000107|04000205|0400080[12])/

export function writeAddress(address: string | null, memory: MeterMemory): CommandOutcome {
  if (address === null) return ignored
  memory.address = address
  return done
}
