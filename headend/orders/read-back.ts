import type { OrderVerdict } from '../../domain/meter-order.js'
import { present, unreachable } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { beijing, dayMs, type Instant, minuteMs, secondMs } from '../../domain/time.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { type AskedItem, askKept } from './kept-item.js'
import type { ShownClock } from './judge-order.js'
import { itemBytes, type OrderAct } from './order-kinds.js'
import { askClock } from './shown-clock.js'

/** What the meter showed when it was asked whether an order had been carried out. */
export interface ReadBack {
  readonly verdict: Exclude<OrderVerdict, 'refused'>
  readonly asked: readonly AskedItem[]
  /** What follows from it, in words that a list can show. */
  readonly detail: string
}

type ActOf<K extends OrderAct['kind']> = Extract<OrderAct, { kind: K }>

const clockToleranceMs = 5 * secondMs
/** Bit 6 of status word 3: the last command to the relay was to open. Bit 4: it is open. */
const commandedOpenBit = 1 << 6
const openBit = 1 << 4
/** A meter fills a table that it keeps in full with the last entry it was given. */
const tableEntryBytes = 3

/**
 * Asks the meter whether what was ordered is so. What it answered to the write counts for nothing here: accepted is not done, and
 * what got no answer may have been done.
 * @param usedAt when the order was used; what the meter noted down before is not ours.
 */
export function readBack(
  line: Dlt645Line,
  clock: Clock,
  address: string,
  act: OrderAct,
  usedAt: Instant,
): Promise<ReadBack> {
  switch (act.kind) {
    case 'set_clock':
      return clockShows(line, clock, address, act)
    case 'tariff_table':
    case 'tariff_switch':
      return itemHolds(line, clock, address, act)
    case 'relay_permit_close':
      return relayIsPermitted(line, clock, address)
    case 'event_reset':
      return isNoted(
        line,
        clock,
        address,
        usedAt,
        '03300301',
        'happenedAt',
        ({ values }) => values['dataIdentifier'] === act.events,
      )
    case 'freeze':
      return isNoted(line, clock, address, usedAt, '05010001', 'frozenAt', () => true)
    default:
      return unreachable(act)
  }
}

async function clockShows(
  line: Dlt645Line,
  clock: Clock,
  address: string,
  { item }: ActOf<'set_clock'>,
): Promise<ReadBack> {
  const { clock: shown, asked } = await askClock(line, clock, address)
  if (shown === null) return unknown(asked)
  const now = shown.shown - shown.offsetMs
  const isDateRight = beijing.dateAt(shown.shown) === beijing.dateAt(now)
  const isTimeRight = timeOfDayErrorMs(shown) <= clockToleranceMs + shown.uncertaintyMs
  const isRight = { '0400010C': isDateRight && isTimeRight, '04000101': isDateRight, '04000102': isTimeRight }[item]
  return judged(isRight, asked, `clock ${shown.offsetMs} ms ± ${shown.uncertaintyMs} ms`)
}

function timeOfDayErrorMs({ offsetMs }: ShownClock): number {
  const apart = Math.abs(offsetMs) % dayMs
  return Math.min(apart, dayMs - apart)
}

async function itemHolds(
  line: Dlt645Line,
  clock: Clock,
  address: string,
  { item, values }: ActOf<'tariff_table' | 'tariff_switch'>,
): Promise<ReadBack> {
  const { item: asked, payload } = await askKept(line, clock, address, item)
  if (asked.answer === null) return unknown([asked])
  const written = present(itemBytes(item, values), item)
  return judged(payload !== null && holds(payload, written), [asked], `${item} read back`)
}

function holds(payload: Buffer, written: Buffer): boolean {
  if (!payload.subarray(0, written.length).equals(written)) return false
  const last = written.subarray(-tableEntryBytes)
  for (let at = written.length; at < payload.length; at += tableEntryBytes)
    if (!payload.subarray(at, at + tableEntryBytes).equals(last)) return false
  return true
}

/** Permitted is what was ordered; whether the customer has pressed the button is said beside it. */
async function relayIsPermitted(line: Dlt645Line, clock: Clock, address: string): Promise<ReadBack> {
  const { item } = await askKept(line, clock, address, '04000503')
  if (item.answer === null) return unknown([item])
  const word = Number.parseInt(item.values['statusWord3'] ?? '', 16)
  const isPermitted = (word & commandedOpenBit) === 0
  const contact = (word & openBit) === 0 ? 'relay closed' : 'relay open until somebody presses the button'
  if (Number.isNaN(word)) return judged(false, [item], 'no status word')
  return judged(isPermitted, [item], isPermitted ? contact : 'relay still commanded open')
}

/** Whether the meter wrote down, by its own clock not longer ago than the order's use, that it was done. */
async function isNoted(
  line: Dlt645Line,
  clock: Clock,
  address: string,
  usedAt: Instant,
  dataIdentifier: string,
  stamp: string,
  isOurs: (item: AskedItem) => boolean,
): Promise<ReadBack> {
  const { item } = await askKept(line, clock, address, dataIdentifier)
  const { clock: shown, asked } = await askClock(line, clock, address)
  const all = [item, ...asked]
  if (item.answer === null || shown === null) return unknown(all)
  const noted = item.values[stamp] ?? null
  if (noted === null || !isOurs(item)) return judged(false, all, `${dataIdentifier}: nothing noted`)
  const isWholeMinute = noted.length === '2026-07-01T12:30'.length
  const sinceNoted = shown.shown - instantOfMeterTime(isWholeMinute ? `${noted}:00` : noted)
  const sinceUsed = shown.shown - shown.offsetMs - usedAt
  const isNew = sinceNoted <= sinceUsed + clockToleranceMs + (isWholeMinute ? minuteMs : 0)
  return judged(isNew, all, `${dataIdentifier}: ${noted}`)
}

function unknown(asked: readonly AskedItem[]): ReadBack {
  return { verdict: 'unknown', asked, detail: 'no answer when asked afterwards' }
}

function judged(isDone: boolean, asked: readonly AskedItem[], detail: string): ReadBack {
  return { verdict: isDone ? 'verified' : 'not_verified', asked, detail }
}
