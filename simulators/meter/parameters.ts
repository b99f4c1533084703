import { beijing, dayMs, type Instant, type LocalDate } from '../../domain/time.js'
import { present } from '../../domain/result.js'
import { meterTimeAt, weekdayOf } from '../../protocols/dlt645/time-formats.js'
import type { MeterMemory, Relay } from './memory.js'
import type { TariffSchedule, TariffSlot } from './register-source.js'

/** Texts of the parameters whose values follow from the meter's state, by field name; null for any other. */
export function livingParameter(name: string, memory: MeterMemory, now: Instant): string | null {
  const shown = memory.clock.shownAt(now)
  switch (name) {
    case 'date':
      return beijing.dateAt(shown)
    case 'weekday':
      return `0${weekdayOf(beijing.dateAt(shown))}`
    case 'time':
      return meterTimeAt(shown).slice(11)
    case 'address':
    case 'meterNumber':
      return memory.address
    case 'statusWord1':
      return memory.clock.isBatteryEmptyAt(now) ? clockBatteryLow : '0000'
    case 'clockBatteryVoltage':
      return memory.clock.isBatteryEmptyAt(now) ? '0.00' : null
    case 'statusWord3':
      return statusWord3(memory.relay, now)
    default:
      return /^statusWord\d$/.test(name) ? '0000' : null
  }
}

/** Bit 2 of status word 1. */
const clockBatteryLow = '0004'

const relayOpenBit = 1 << 4
const relayCommandBit = 1 << 6
const programmingBit = 1 << 3

/** Programming is always allowed in a simulated meter, as if its button were held; bit 3 is left out so that a quiet meter shows zero. */
function statusWord3(relay: Relay, now: Instant): string {
  const isClosed = isRelayClosed(relay, now)
  const isCommandedOpen = relay.state === 'open'
  const bits = (isClosed ? 0 : relayOpenBit) | (isCommandedOpen ? relayCommandBit : 0)
  return (bits & ~programmingBit).toString(16).padStart(4, '0').toUpperCase()
}

export function isRelayClosed({ state, closesAt }: Relay, now: Instant): boolean {
  return state === 'closed' || (state === 'permitted' && closesAt !== null && now >= closesAt)
}

/** Defaults of what nothing else decides; fields without an entry show their type's example. */
export const usualParameters: Readonly<Record<string, string>> = {
  demandPeriod: '15',
  slidingTime: '1',
  pulseWidth: '80',
  yearZones: '1',
  dayTables: '1',
  daySlots: '4',
  tariffs: '4',
  holidays: '0',
  energyDecimals: '2',
  powerDecimals: '4',
  currentRatio: '1',
  voltageRatio: '1',
  ratedVoltage: '220V',
  ratedCurrent: '5A',
  maximumCurrent: '60A',
  activeClass: '1.0',
  reactiveClass: '2.0',
  activeConstant: '1200',
  reactiveConstant: '1200',
  model: 'SIM-645',
  manufactured: '2026-01',
  protocolVersion: 'DL/T 645-2007',
  assetCode: 'SIMULATED METER',
  opticalRate: '2400',
  remoteOpticalRate: '2400',
  port1Rate: '2400',
  port2Rate: '2400',
  port3Rate: '2400',
  activeCombination: '05',
  reactiveCombination1: '41',
  reactiveCombination2: '14',
  weekendDays: '00',
  loadRecordClasses: '3F',
  settlementDay1: '0100',
  settlementDay2: '9999',
  settlementDay3: '9999',
  loadRecordStart: '01010000',
  zone1: '010101',
  slot1: '000004',
  slot2: '080002',
  slot3: '220004',
  remainingEnergy: '120.50',
  overdraftEnergy: '0.00',
  remainingMoney: '66.28',
  overdraftMoney: '0.00',
  runningPrice: '0.5469',
  batteryWorkingTime: '1440',
  meterStatus: '00',
  networkStatus: '00',
}

/** Entries of zone and day tables that are not used repeat the last one that is. */
export function tableDefault(name: string): string | null {
  if (/^zone\d+$/.test(name)) return present(usualParameters['zone1'], 'a zone')
  if (/^slot\d+$/.test(name)) return present(usualParameters['slot3'], 'a slot')
  if (/^loadClass\dInterval$/.test(name)) return '15'
  return null
}

const entryBytes = 3
const firstZoneTable = '04010000'

/** The day and zone tables as written, or null while the usual ones hold: then the source counts by its own schedule. */
export function scheduleOf(memory: MeterMemory, now: Instant): TariffSchedule {
  const clockOffsetMs = memory.clock.shownAt(now) - now
  const zones = entriesOf(memory.parameters.get(firstZoneTable)) ?? [usualParameters['zone1'] ?? '']
  return {
    clockOffsetMs,
    slotsOn(date: LocalDate) {
      const table = tableOn(zones, date)
      const written = entriesOf(memory.parameters.get(`040100${table}`))
      return slotsOf(
        written ?? [usualParameters['slot1'] ?? '', usualParameters['slot2'] ?? '', usualParameters['slot3'] ?? ''],
      )
    },
  }
}

/** Entries MMDDNN or hhmmNN of a table, high digits first. */
function entriesOf(table: Buffer | undefined): readonly string[] | null {
  if (table === undefined) return null
  return Array.from({ length: Math.floor(table.length / entryBytes) }, (_, index) =>
    Buffer.from(table.subarray(index * entryBytes, (index + 1) * entryBytes).toReversed()).toString('hex'),
  )
}

/** Number of the day table on a day: the last zone that began on it or before, going round the year. */
function tableOn(zones: readonly string[], date: LocalDate): string {
  const monthDay = date.slice(5).replace('-', '')
  const sorted = zones.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  const begun = sorted.findLast((zone) => zone.slice(0, 4) <= monthDay) ?? sorted.at(-1)
  return begun?.slice(4) ?? '01'
}

function slotsOf(entries: readonly string[]): readonly TariffSlot[] {
  const slots = entries
    .map((entry) => ({
      fromMinute: Number(entry.slice(0, 2)) * 60 + Number(entry.slice(2, 4)),
      tariff: Math.min(Math.max(Number(entry.slice(4)), 1), 4),
    }))
    .filter(
      ({ fromMinute }, index, all) =>
        fromMinute * 60_000 < dayMs && all.findIndex((each) => each.fromMinute === fromMinute) === index,
    )
    .toSorted((left, right) => left.fromMinute - right.fromMinute)
  const [first] = slots
  // Before the first slot of a day the last one of the day before still counts.
  return first !== undefined && first.fromMinute > 0
    ? [{ fromMinute: 0, tariff: slots.at(-1)?.tariff ?? 1 }, ...slots]
    : slots
}
