import { beijing, dayMs, type Instant, type LocalDate, minuteMs, weekdayOf } from '../../domain/time.js'
import type { MeterMemory } from './memory.js'
import { usualParameters } from './parameters.js'
import type { RegisterSource, TariffSchedule, TariffSlot } from './register-source.js'
import { setInUse, type TwoSets } from './set-in-use.js'

const entryBytes = 3
const mostEntries = 14
const mostHolidays = 0xfe

/** What a meter counts by that nobody has loaded. */
const factorySlots: readonly TariffSlot[] = [
  { fromMinute: 0, tariff: 4 },
  { fromMinute: 8 * 60, tariff: 2 },
  { fromMinute: 22 * 60, tariff: 4 },
]

/** A day table as it left the factory, in wire order; null for an item that is none. Places that are not used repeat the last entry. */
export function factoryTable(source: RegisterSource, dataIdentifier: string): Buffer | null {
  if (!/^040[12]000[1-8]$/.test(dataIdentifier)) return null
  const slots = source.usualSlots ?? factorySlots
  const entries = Array.from({ length: mostEntries }, (_, index) => slots[Math.min(index, slots.length - 1)])
  return Buffer.concat(
    entries.map((slot) => {
      const { fromMinute = 0, tariff = 1 } = slot ?? {}
      const digits = [Math.floor(fromMinute / 60), fromMinute % 60, tariff]
      return Buffer.from(digits.map((part) => String(part).padStart(2, '0')).join(''), 'hex').toReversed()
    }),
  )
}

/** What a meter remembers of its tables. */
type Tables = Pick<MeterMemory, 'parameters' | 'zoneTables' | 'dayTableSets'>

/**
 * Which register counts by the zones, day tables, holidays and rest days that the meter has now, and by when its sets change over. What
 * it is told later makes another schedule; this one stands for what was counted before.
 */
export function scheduleOf(
  { clock, parameters, zoneTables, dayTableSets }: MeterMemory,
  source: RegisterSource,
  now: Instant,
): TariffSchedule {
  const memory: Tables = { parameters: new Map(parameters), zoneTables, dayTableSets }
  return {
    clockOffsetMs: clock.shownAt(now) - now,
    slotsOn(date) {
      const dayStart = beijing.startOfDay(date)
      const starts = [dayStart, ...switchesOn([memory.zoneTables, memory.dayTableSets], dayStart)]
      const slots = starts.flatMap((from, index) => {
        const to = starts[index + 1] ?? dayStart + dayMs
        return within(tableSlots(memory, source, date, from), (from - dayStart) / minuteMs, (to - dayStart) / minuteMs)
      })
      return slots.filter(({ tariff }, index) => slots[index - 1]?.tariff !== tariff)
    },
  }
}

function switchesOn(sets: readonly TwoSets[], dayStart: Instant): readonly Instant[] {
  const moments = sets
    .map(({ switchAt }) => switchAt)
    .filter((at) => at !== null && at > dayStart && at < dayStart + dayMs)
  return [...new Set(moments)].filter((at) => at !== null).sort((left, right) => left - right)
}

/** The part of a day's slots in [from, to), minutes. */
function within(slots: readonly TariffSlot[], from: number, to: number): readonly TariffSlot[] {
  const first = slots.findLast(({ fromMinute }) => fromMinute <= from)
  const later = slots.filter(({ fromMinute }) => fromMinute > from && fromMinute < to)
  return first === undefined ? later : [{ fromMinute: from, tariff: first.tariff }, ...later]
}

/** The whole day as the sets have it that are in use at a moment of the meter's clock. */
function tableSlots(memory: Tables, source: RegisterSource, date: LocalDate, shown: Instant): readonly TariffSlot[] {
  const number = holidayTable(memory, date) ?? restTable(memory, date) ?? zoneTable(memory, date, shown)
  const item = `040${setInUse(memory.dayTableSets, shown)}00${number}`
  return slotsOf(entriesOf(memory.parameters.get(item) ?? factoryTable(source, item)))
}

function holidayTable(memory: Tables, date: LocalDate): string | null {
  const wanted = date.slice(2).replaceAll('-', '')
  const count = Number(digitsOf(memory.parameters.get('04000205')) ?? 0)
  for (let place = 1; place <= Math.min(count, mostHolidays); place += 1) {
    const entry = digitsOf(memory.parameters.get(`040300${place.toString(16).padStart(2, '0').toUpperCase()}`))
    if (entry?.slice(0, 6) === wanted) return entry.slice(6)
  }
  return null
}

function restTable(memory: Tables, date: LocalDate): string | null {
  const working = Number.parseInt(digitsOf(memory.parameters.get('04000801')) ?? '7F', 16)
  const table = digitsOf(memory.parameters.get('04000802')) ?? '01'
  return (working & (1 << weekdayOf(date))) === 0 && table !== '00' ? table : null
}

/** The last zone that began on the day or before, going round the year. */
function zoneTable(memory: Tables, date: LocalDate, shown: Instant): string {
  const written = memory.parameters.get(`040${setInUse(memory.zoneTables, shown)}0000`)
  const zones = entriesOf(written ?? null).filter((zone) => !zone.endsWith('00'))
  const sorted = (zones.length === 0 ? [usualParameters['zone1'] ?? ''] : zones).toSorted((left, right) =>
    left < right ? -1 : 1,
  )
  const monthDay = date.slice(5).replace('-', '')
  return (sorted.findLast((zone) => zone.slice(0, 4) <= monthDay) ?? sorted.at(-1) ?? '').slice(4)
}

/** A number as the meter keeps it, high digits first. */
function digitsOf(bytes: Buffer | undefined): string | null {
  return bytes === undefined ? null : Buffer.from(bytes.toReversed()).toString('hex')
}

/** Entries MMDDNN or hhmmNN of a table, high digits first. */
function entriesOf(table: Buffer | null): readonly string[] {
  if (table === null) return []
  return Array.from({ length: Math.floor(table.length / entryBytes) }, (_, index) =>
    Buffer.from(table.subarray(index * entryBytes, (index + 1) * entryBytes).toReversed()).toString('hex'),
  )
}

function slotsOf(entries: readonly string[]): readonly TariffSlot[] {
  const slots = entries
    .map((entry) => ({
      fromMinute: Number(entry.slice(0, 2)) * 60 + Number(entry.slice(2, 4)),
      tariff: Math.min(Math.max(Number(entry.slice(4)), 1), 4),
    }))
    .filter(
      ({ fromMinute }, index, all) =>
        fromMinute * minuteMs < dayMs && all.findIndex((each) => each.fromMinute === fromMinute) === index,
    )
    .toSorted((left, right) => left.fromMinute - right.fromMinute)
  const [first] = slots
  // Before the first slot of a day the last one of the day before still counts.
  return first !== undefined && first.fromMinute > 0
    ? [{ fromMinute: 0, tariff: slots.at(-1)?.tariff ?? 1 }, ...slots]
    : slots
}
