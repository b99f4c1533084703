import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { formsOf } from '../../protocols/dlt645/data-item.js'

/** A kind of event as the 2007 edition keeps it: a counter and the last ten records. */
export interface EventKindItems {
  /** The item that counts. */
  readonly countItem: string
  /** Which of the item's counters: the phases A, B and C are 0, 1 and 2. */
  readonly counter: number
  /** The first six digits of the records' identifiers; the last two number them backwards from 01. */
  readonly records: string
}

function programming(code: string): EventKindItems {
  return { countItem: `0330${code}00`, counter: 0, records: `0330${code}` }
}

function reversed(phase: number): EventKindItems {
  return { countItem: '030E0000', counter: phase - 1, records: `030E0${phase}` }
}

/** The kinds that are collected, by the name under which they are stored. */
export const eventKinds = {
  mains_lost: { countItem: '03110000', counter: 0, records: '031100' },
  programmed: programming('00'),
  meter_cleared: programming('01'),
  demand_cleared: programming('02'),
  events_cleared: programming('03'),
  clock_set: programming('04'),
  cover_opened: programming('0D'),
  terminal_cover_opened: programming('0E'),
  power_reversed_a: reversed(1),
  power_reversed_b: reversed(2),
  power_reversed_c: reversed(3),
  relay_opened: { countItem: '1D000001', counter: 0, records: '1D0001' },
  relay_closed: { countItem: '1E000001', counter: 0, records: '1E0001' },
} as const satisfies Record<string, EventKindItems>

export type EventKind = keyof typeof eventKinds

export const eventKindNames = Object.keys(eventKinds) as readonly EventKind[]

/** Records that a meter keeps of one kind. */
export const mostEventRecords = 10

/** Identifier of the n-th last record, 1 the latest. */
export function eventRecordItem(kind: EventKind, index: number): string {
  return `${eventKinds[kind].records}${index.toString(16).padStart(2, '0').toUpperCase()}`
}

export function isEventCount(dataIdentifier: string): boolean {
  return eventKindNames.some((kind) => eventKinds[kind].countItem === dataIdentifier)
}

/** The kind that a record's identifier belongs to; null for any other. */
export function eventKindOf(dataIdentifier: string): EventKind | null {
  const index = Number.parseInt(dataIdentifier.slice(6), 16)
  if (isEventCount(dataIdentifier) || index < 1 || index > mostEventRecords) return null
  return eventKindNames.find((kind) => eventKinds[kind].records === dataIdentifier.slice(0, 6)) ?? null
}

/** Kinds whose records tell an end, so that one without it is still going on. */
export const lastingEventKinds: readonly EventKind[] = eventKindNames.filter((kind) => {
  const item = findDataItem('2007', eventRecordItem(kind, 1))
  return item !== null && formsOf(item.layout).some((fields) => fields.some((field) => field.name === 'endedAt'))
})
