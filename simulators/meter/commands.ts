import { beijing, dayMs, type Instant, minuteMs } from '../../domain/time.js'
import { unreachable } from '../../domain/result.js'
import { findDataItem, findFamily } from '../../protocols/dlt645/catalogue/catalogue.js'
import { fieldsFor } from '../../protocols/dlt645/data-item.js'
import { bytesOf, readFields } from '../../protocols/dlt645/field.js'
import { credentials } from '../../protocols/dlt645/credentials.js'
import type { Message } from '../../protocols/dlt645/message.js'
import { payloadFields } from '../../protocols/dlt645/payload-fields.js'
import type { RefusalReason } from '../../protocols/dlt645/refusal.js'
import { instantOfMeterTime, meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { type MeterHabits, usualTariffs } from './description.js'
import type { EventKind, MeterMemory, Relay } from './memory.js'
import { isRelayClosed } from './parameters.js'
import { planSwitch } from './set-in-use.js'

/** What a command came to: data of the good reply, or why not; `ignored` gets no reply at all. */
export type CommandOutcome =
  | { readonly kind: 'done'; readonly payload: Buffer }
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'ignored' }

const nothing = Buffer.alloc(0)
const done: CommandOutcome = { kind: 'done', payload: nothing }
const ignored: CommandOutcome = { kind: 'ignored' }

function refused(...reasons: readonly RefusalReason[]): CommandOutcome {
  return { kind: 'refused', reasons }
}

/** Obeys everything but reads. Changes the memory; whoever calls tells the register source when the clock or the tables moved. */
export function obey(
  message: Message,
  memory: MeterMemory,
  habits: Required<MeterHabits>,
  now: Instant,
): CommandOutcome {
  const values = valuesOf(message)
  switch (message.function) {
    case 'broadcast_time':
      return takeBroadcastTime(values.get('time') ?? null, memory, now)
    case 'write':
      return write(message, values, memory, now)
    case 'write_address':
      return writeAddress(values.get('address') ?? null, memory)
    case 'freeze':
      return freeze(values.get('freezeAt') ?? null, memory, now)
    case 'change_rate':
      return values.get('rate') === undefined ? refused('rate_locked') : { kind: 'done', payload: message.payload }
    case 'select_output':
      return { kind: 'done', payload: message.payload }
    case 'change_password':
      return changePassword(message, values, memory, now)
    case 'clear_demand':
      return authorised(message, values, memory, now) ?? clear('033002', [], values, memory, now)
    case 'clear_meter':
      return authorised(message, values, memory, now) ?? clear('033001', [], values, memory, now)
    case 'clear_events':
      return authorised(message, values, memory, now) ?? clearEvents(values, memory, now)
    case 'control_relay':
      return authorised(message, values, memory, now) ?? controlRelay(values, memory, habits, now)
    case 'authenticate':
    case 'read':
    case 'read_again':
    case 'read_follow_up':
    case 'read_address':
      return ignored
    default:
      return unreachable(message.function)
  }
}

function valuesOf(message: Message): ReadonlyMap<string, string | undefined> {
  const fields = payloadFields(message) ?? []
  return new Map(readFields(fields, message.payload).map(({ name, value }) => [name, value ?? undefined]))
}

const mostBroadcastCorrectionMs = 5 * minuteMs

/** Small corrections only, once a day, and not around midnight, where a step could make a freeze twice or not at all. */
function takeBroadcastTime(time: string | null, memory: MeterMemory, now: Instant): CommandOutcome {
  if (time === null) return ignored
  const shown = memory.clock.shownAt(now)
  const told = instantOfMeterTime(time)
  const today = beijing.dateAt(shown)
  const sinceMidnight = shown - beijing.startOfDay(today)
  const isNearMidnight = Math.min(sinceMidnight, dayMs - sinceMidnight) < mostBroadcastCorrectionMs
  if (Math.abs(told - shown) > mostBroadcastCorrectionMs || isNearMidnight || memory.broadcastDay === today)
    return ignored
  memory.broadcastDay = today
  memory.clock.set(now, told)
  memory.scheduleVersion += 1
  note(memory, '033004', shown, '00000000', [meterTimeAt(shown), meterTimeAt(told)])
  return ignored
}

const mostWrongPasswords = 5

/** Null when the password holds; after some wrong ones the meter takes none for a day. */
function authorised(
  { edition }: Message,
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome | null {
  const expected = memory.passwords.get(values.get('level') ?? '')
  const isRight = expected !== undefined && expected === values.get('password')
  if (now < memory.lockedUntil || edition === undefined) return refused('unauthorised')
  if (isRight) {
    memory.wrongPasswords = 0
    return null
  }
  memory.wrongPasswords += 1
  if (memory.wrongPasswords >= mostWrongPasswords) {
    memory.lockedUntil = now + dayMs
    memory.wrongPasswords = 0
  }
  return refused('unauthorised')
}

function write(
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
  note(memory, '033000', shown, values.get('operator') ?? '00000000', [dataIdentifier.padStart(8, '0')])
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

function setClock(texts: ReadonlyMap<string, string>, memory: MeterMemory, now: Instant): void {
  const shown = memory.clock.shownAt(now)
  const [date = '', time = ''] = meterTimeAt(shown).split('T')
  const told = instantOfMeterTime(`${texts.get('date') ?? date}T${texts.get('time') ?? time}`)
  memory.clock.set(now, told)
  memory.scheduleVersion += 1
  note(memory, '033004', shown, '00000000', [meterTimeAt(shown), meterTimeAt(told)])
}

function writeAddress(address: string | null, memory: MeterMemory): CommandOutcome {
  if (address === null) return ignored
  memory.address = address
  return done
}

const freezeNow = '99999999'
const instantFreezesKept = 3
const timedFreezeItem = '04000901'

/** 99 stands for any: all of them freeze now, others name a recurring moment, which is kept as a parameter. */
function freeze(pattern: string | null, memory: MeterMemory, now: Instant): CommandOutcome {
  if (pattern === null) return refused('other')
  if (!isMoment(pattern)) return refused('other')
  if (pattern !== freezeNow) {
    memory.parameters.set(`freeze:${timedFreezeItem}`, Buffer.from(pattern, 'hex'))
    return done
  }
  memory.instantFreezes.unshift(now)
  memory.instantFreezes.splice(instantFreezesKept)
  return done
}

/** MMDDhhmm, 99 for any. */
function isMoment(pattern: string): boolean {
  const parts = [...pattern.matchAll(/../g)].map(([digits]) => Number(digits))
  return parts.every((part, place) => {
    const [least = 0, most = 0] = momentRanges[place] ?? []
    return part === 99 || (part >= least && part <= most)
  })
}

const momentRanges: readonly (readonly [least: number, most: number])[] = [
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
]

function changePassword(
  message: Message,
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  const denied = authorised(message, values, memory, now)
  const level = values.get('newLevel')
  const password = values.get('newPassword')
  if (denied !== null) return denied
  if (level === undefined || password === undefined) return refused('other')
  memory.passwords.set(level, password)
  return { kind: 'done', payload: message.payload.subarray(-4) }
}

function clear(
  kind: EventKind,
  detail: readonly string[],
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  if (kind === '033001') memory.meterClearedAt = now
  memory.demandClearedAt = now
  note(memory, kind, memory.clock.shownAt(now), values.get('operator') ?? '00000000', detail)
  return done
}

const allEvents = 'FFFFFFFF'

function clearEvents(
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  const events = values.get('events')
  if (events === undefined) return refused('other')
  const kept =
    events === allEvents ? [] : memory.events.filter(({ kind }) => !kind.startsWith(events.replace(/(?:FF)+$/, '')))
  memory.events.splice(0, memory.events.length, ...kept)
  for (const kind of memory.eventCounts.keys())
    if (!kept.some((event) => event.kind === kind)) memory.eventCounts.delete(kind)
  note(memory, '033003', memory.clock.shownAt(now), values.get('operator') ?? '00000000', [events])
  return done
}

/** The expiry is checked against the meter's own clock, whatever that shows. */
function controlRelay(
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  habits: Required<MeterHabits>,
  now: Instant,
): CommandOutcome {
  const validUntil = values.get('validUntil')
  if (validUntil === undefined || instantOfMeterTime(validUntil) < memory.clock.shownAt(now)) return refused('other')
  const { relay } = memory
  const operator = values.get('operator') ?? '00000000'
  const shown = memory.clock.shownAt(now)
  const command = values.get('command') ?? ''
  switch (command) {
    case '1A':
    case '1D':
    case '1E':
      if (relay.keepsPower) return refused('other')
      interrupt(relay, now)
      relay.state = 'open'
      relay.closesAt = null
      note(memory, '1D0001', shown, operator, [])
      return done
    case '1B':
      if (isRelayClosed(relay, now)) return done
      relay.state = 'permitted'
      relay.closesAt = now + habits.buttonAfterMs
      endInterruption(relay, relay.closesAt)
      note(memory, '1E0001', shown, operator, [])
      return done
    case '1C':
      if (!habits.closesDirectly) return refused('unauthorised')
      relay.state = 'closed'
      endInterruption(relay, now)
      note(memory, '1E0001', shown, operator, [])
      return done
    case '2A':
    case '2B':
      relay.isAlarming = command === '2A'
      return done
    case '3A':
    case '3B':
      relay.keepsPower = command === '3A'
      return done
    default:
      return refused('other')
  }
}

/** Supply ends; where it was about to come back, it does not. */
function interrupt(relay: Relay, at: Instant): void {
  const { interruptions } = relay
  const last = interruptions.at(-1)
  if (isRelayClosed(relay, at)) interruptions.push({ from: at, to: null })
  else if (last !== undefined) interruptions[interruptions.length - 1] = { from: last.from, to: null }
}

/** Supply comes back; when it was to come back already, that stands. */
function endInterruption({ interruptions }: Relay, at: Instant): void {
  const last = interruptions.at(-1)
  if (last?.to === null) interruptions[interruptions.length - 1] = { from: last.from, to: at }
}

const eventsKept = 10

/** The latest first; ten of a kind are kept. */
function note(memory: MeterMemory, kind: EventKind, at: Instant, operator: string, detail: readonly string[]): void {
  memory.events.unshift({ kind, at, operator, detail })
  memory.eventCounts.set(kind, (memory.eventCounts.get(kind) ?? 0) + 1)
  const sameKind = memory.events.filter((event) => event.kind === kind)
  const oldest = sameKind[eventsKept]
  if (oldest !== undefined) memory.events.splice(memory.events.indexOf(oldest), 1)
}
