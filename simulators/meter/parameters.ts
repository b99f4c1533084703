import { beijing, type Instant, weekdayOf } from '../../domain/time.js'
import { present } from '../../domain/result.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import type { MeterMemory, Relay } from './memory.js'
import { setInUse } from './set-in-use.js'

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
      return statusWord3(memory, now)
    default:
      return /^statusWord\d$/.test(name) ? '0000' : null
  }
}

/** Bit 2 of status word 1. */
const clockBatteryLow = '0004'

const secondDaySetBit = 1 << 0
const secondZonesBit = 1 << 5
const relayOpenBit = 1 << 4
const relayCommandBit = 1 << 6
const programmingBit = 1 << 3

/** Programming is always allowed in a simulated meter, as if its button were held; bit 3 is left out so that a quiet meter shows zero. */
function statusWord3({ relay, clock, dayTableSets, zoneTables }: MeterMemory, now: Instant): string {
  const shown = clock.shownAt(now)
  const inUse =
    (setInUse(dayTableSets, shown) === 2 ? secondDaySetBit : 0) |
    (setInUse(zoneTables, shown) === 2 ? secondZonesBit : 0)
  const isClosed = isRelayClosed(relay, now)
  const isCommandedOpen = relay.state === 'open'
  const bits = inUse | (isClosed ? 0 : relayOpenBit) | (isCommandedOpen ? relayCommandBit : 0)
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
  yearZones: '14',
  dayTables: '2',
  daySlots: '14',
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
  weekendDays: '7F',
  weekendTable: '1',
  loadRecordClasses: '3F',
  settlementDay1: '0100',
  settlementDay2: '9999',
  settlementDay3: '9999',
  loadRecordStart: '01010000',
  zone1: '010101',
  remainingEnergy: '120.50',
  overdraftEnergy: '0.00',
  remainingMoney: '66.28',
  overdraftMoney: '0.00',
  runningPrice: '0.5469',
  batteryWorkingTime: '1440',
  meterStatus: '00',
  networkStatus: '00',
}

/** Entries of zone tables that are not used repeat the last one that is. */
export function tableDefault(name: string): string | null {
  if (/^zone\d+$/.test(name)) return present(usualParameters['zone1'], 'a zone')
  if (/^loadClass\dInterval$/.test(name)) return '15'
  return null
}

/** Moments that were never set, and holidays that nobody entered. */
const neverSet: ReadonlySet<string> = new Set([
  'zoneTableChange',
  'dayTableChange',
  'priceChange',
  'stepChange',
  'holiday',
])

export function isNeverSet(name: string): boolean {
  return neverSet.has(name)
}
