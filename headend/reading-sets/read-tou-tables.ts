import { groupBy } from '../../domain/group-by.js'
import type { MeterId } from '../../domain/reading.js'
import {
  touRoom,
  type TouDaySlot,
  type TouHoliday,
  type TouTables,
  type TouUse,
  type TouZone,
} from '../../domain/tou-tables.js'
import { range } from '../../protocols/dlt645/item-family.js'
import type { CollectedTouTables, ValueFrame } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, joinFrames, type SetItemCause, type SetMeter } from './ask-item.js'
import { relayItem } from './read-relay-status.js'
import type { RelayState } from './relay-state.js'
import { endsSet, type SetOutcome, type SetProblem, toProblem } from './set-outcome.js'
import { type TouItem, touItems } from './tou-items.js'

/** What a meter said item by item; null for one without a value. */
interface Said {
  readonly items: Map<string, TouItem>
  readonly frames: ValueFrame[]
  readonly problems: SetProblem[]
  inUse: RelayState | null
}

export interface TouTablesOutcome extends SetOutcome {
  readonly values: readonly CollectedTouTables[]
}

/**
 * Reads the time-of-use tables of a meter: their numbers, both sets of zones and day tables, holidays, rest days, when the sets change
 * over, and which are in use. An item that the meter does not have or refuses is a state of the tables; tables of which something was
 * lost on the way are none, since half of them say nothing. The 1997 edition has other tables and is not asked.
 */
export async function readTouTables(line: Dlt645Line, meter: SetMeter): Promise<TouTablesOutcome> {
  if (meter.edition === '1997')
    return { values: [], problems: [toProblem(touItems.zoneTable(1), { kind: 'no_such_data', frame: null })] }
  const said: Said = { items: new Map(), frames: [], problems: [], inUse: null }
  const first = await askAll(line, meter, said, firstItems)
  const isWhole = first && (await askAll(line, meter, said, furtherItems(said))) && (await askInUse(line, meter, said))
  const [frame, ...frames] = said.frames
  if (!isWhole || frame === undefined) return { values: [], problems: said.problems }
  const evidence = { frame: joinFrames([frame, ...frames]), slice: null }
  const value = collected(meter.meterId, said, evidence.frame.receivedAt)
  return { values: [{ ...value, evidence }], problems: said.problems }
}

const firstItems = [...Object.values(touItems.counts), touItems.restDays, touItems.restTable]

/** Items of a usual meter: four day tables in each set, no holidays. For predictions. */
export const usualTouItems: readonly string[] = [
  ...firstItems,
  ...([1, 2] as const).flatMap((set) => [
    touItems.zoneTable(set),
    ...range(1, 4).map((number) => touItems.dayTable(set, number)),
  ]),
  touItems.zoneSwitch,
  touItems.daySwitch,
  relayItem,
]

/** Where the meter does not say how many day tables it uses, it is asked for all that it may have. */
function furtherItems(said: Said): readonly string[] {
  const dayTables = Math.min(countOf(said, 'dayTables') ?? touRoom.dayTables, touRoom.dayTables)
  const holidays = Math.min(countOf(said, 'holidays') ?? 0, touRoom.holidays)
  const sets = ([1, 2] as const).flatMap((set) => [
    touItems.zoneTable(set),
    ...range(1, dayTables).map((number) => touItems.dayTable(set, number)),
  ])
  const places = range(1, holidays).map((place) => touItems.holiday(place))
  return [...sets, ...places, touItems.zoneSwitch, touItems.daySwitch]
}

/** Whether nothing was lost on the way. */
async function askAll(line: Dlt645Line, meter: SetMeter, said: Said, items: readonly string[]): Promise<boolean> {
  for (const dataIdentifier of items) {
    const answer = await askItem(line, meter, dataIdentifier, 'tou_item')
    if (answer.ok) {
      said.items.set(dataIdentifier, answer.value.value.item)
      said.frames.push(answer.value.frame)
      continue
    }
    said.problems.push(toProblem(dataIdentifier, answer.error))
    if (answer.error.frame !== null) said.frames.push(answer.error.frame)
    if (isLost(answer.error.kind)) return false
  }
  return true
}

/** Last of all: a set that took over meanwhile is in use from then on, and what was read of it stands. */
async function askInUse(line: Dlt645Line, meter: SetMeter, said: Said): Promise<boolean> {
  const answer = await askItem(line, meter, relayItem, 'relay_state')
  if (answer.ok) {
    said.inUse = answer.value.value.state
    said.frames.push(answer.value.frame)
    return true
  }
  said.problems.push(toProblem(relayItem, answer.error))
  return !isLost(answer.error.kind)
}

/** Nothing that the meter said of itself. */
export function isLost(cause: SetItemCause): boolean {
  return endsSet(cause) || cause === 'damaged'
}

function collected(meterId: MeterId, said: Said, readAt: number): Omit<CollectedTouTables, 'evidence'> {
  return { kind: 'tou_tables', meterId, readAt, tables: tablesOf(said), use: useOf(said) }
}

function useOf({ items, inUse }: Said): TouUse {
  const switchOf = (dataIdentifier: string) => {
    const item = items.get(dataIdentifier)
    return item?.part === 'switch' ? item.at : null
  }
  return {
    zoneTable: inUse?.zoneTable ?? null,
    dayTableSet: inUse?.dayTableSet ?? null,
    zoneSwitchAt: switchOf(touItems.zoneSwitch),
    daySwitchAt: switchOf(touItems.daySwitch),
  }
}

function tablesOf(said: Said): TouTables {
  const names = ['zones', 'dayTables', 'daySlots', 'tariffs', 'holidays'] as const
  const [zones = null, dayTables = null, daySlots = null, tariffs = null, holidays = null] = names.map((name) =>
    countOf(said, name),
  )
  return {
    counts: { zones, dayTables, daySlots, tariffs, holidays },
    sets: [setOf(said, 1), setOf(said, 2)],
    holidays: holidaysOf(said),
    rest: restOf(said),
    absent: said.problems.map(({ dataIdentifier, cause }) => ({ item: dataIdentifier, cause })),
  }
}

function countOf({ items }: Said, name: keyof typeof touItems.counts): number | null {
  const item = items.get(touItems.counts[name])
  return item?.part === 'count' ? item.count : null
}

function setOf(said: Said, set: 1 | 2): TouTables['sets'][number] {
  const zones = said.items.get(touItems.zoneTable(set))
  const asked = range(1, touRoom.dayTables).filter((number) => isAsked(said, touItems.dayTable(set, number)))
  return {
    zones: zones?.part === 'zones' ? zonesOf(zones.zones, countOf(said, 'zones')) : null,
    dayTables: asked.map((number) => {
      const table = said.items.get(touItems.dayTable(set, number))
      return table?.part === 'day_table' ? slotsOf(table.slots, countOf(said, 'daySlots')) : null
    }),
  }
}

function isAsked({ items, problems }: Said, dataIdentifier: string): boolean {
  return items.has(dataIdentifier) || problems.some((problem) => problem.dataIdentifier === dataIdentifier)
}

/** Places beyond those that count repeat the last one, or hold what an earlier table left there. */
function counting<T>(entries: readonly T[], count: number | null): readonly T[] {
  return count === null || count < 1 ? entries : entries.slice(0, count)
}

function zonesOf(zones: readonly TouZone[], count: number | null): readonly TouZone[] {
  return firstOfEach(counting(zones, count), ({ from }) => from)
}

function slotsOf(slots: readonly TouDaySlot[], count: number | null): readonly TouDaySlot[] {
  return firstOfEach(counting(slots, count), ({ fromMinute }) => String(fromMinute).padStart(4, '0'))
}

/** The first entry under each key, in the order of the keys. */
function firstOfEach<T>(entries: readonly T[], keyOf: (entry: T) => string): readonly T[] {
  return [...groupBy(entries, keyOf)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, same]) => same.slice(0, 1))
}

function holidaysOf({ items }: Said): readonly TouHoliday[] {
  const holidays = [...items.values()].flatMap((item) =>
    item.part === 'holiday' && item.holiday !== null ? [item.holiday] : [],
  )
  return firstOfEach(holidays, ({ date }) => date)
}

function restOf({ items }: Said): TouTables['rest'] {
  const days = items.get(touItems.restDays)
  const table = items.get(touItems.restTable)
  return days?.part === 'rest_days' && table?.part === 'rest_table'
    ? { weekdays: days.weekdays, dayTable: table.dayTable }
    : null
}
