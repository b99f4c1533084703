import type { RegisterSet } from '../../domain/reading.js'
import { invariant, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { energyRegisters, energyTotal } from './energy-formats.js'
import type { ItemError, ItemFormat } from './item-format.js'
import { statusWord } from './status-word.js'
import { type DateAndWeekday, dateAndWeekday, minuteStamp, secondOfDay } from './time-formats.js'

/** The exact value of each item of the catalogue. */
export interface ItemValues {
  readonly forward_active_block: RegisterSet
  readonly forward_active_total: RegisterSet
  readonly daily_freeze_stamp: Instant
  readonly daily_freeze_forward_active: RegisterSet
  readonly date_and_weekday: DateAndWeekday
  /** Seconds from local midnight. */
  readonly time_of_day: number
  readonly status_word_3: number
}

export type ItemName = keyof ItemValues

/** An item as a request names it: DI0 counts freezes backwards, 1 is the most recent; other items have index 0. */
export interface ItemReference {
  readonly name: ItemName
  readonly index: number
}

interface DataItem<T> {
  /** Eight hexadecimal digits, DI3 first. For a family of freezes DI0 is `nn`. */
  readonly identifier: string
  readonly format: ItemFormat<T>
}

/** DL/T 645-2007 items that the product reads, by identifier. */
const dataItems: { readonly [N in ItemName]: DataItem<ItemValues[N]> } = {
  forward_active_block: { identifier: '0001FF00', format: energyRegisters },
  forward_active_total: { identifier: '00010000', format: energyTotal },
  daily_freeze_stamp: { identifier: '050600nn', format: minuteStamp },
  daily_freeze_forward_active: { identifier: '050601nn', format: energyRegisters },
  date_and_weekday: { identifier: '04000101', format: dateAndWeekday },
  time_of_day: { identifier: '04000102', format: secondOfDay },
  status_word_3: { identifier: '04000503', format: statusWord },
}

const referenceByPattern = new Map(
  Object.entries(dataItems).map(([name, item]) => [item.identifier, name as ItemName] as const),
)
const maxIndex = 0xfe

/** Identifier of an item, eight hexadecimal digits; `index` is needed for freezes only, 1 (the most recent) to 254. */
export function identifierOf(name: ItemName, index = 0): string {
  const { identifier } = dataItems[name]
  if (!identifier.endsWith('nn')) return identifier
  invariant(Number.isInteger(index) && index >= 1 && index <= maxIndex, `no freeze has index ${index}`)
  return identifier.replace('nn', index.toString(16).padStart(2, '0').toUpperCase())
}

/** The item that an identifier names; null for one that is not in the catalogue. */
export function findItem(dataIdentifier: string): ItemReference | null {
  const single = referenceByPattern.get(dataIdentifier)
  if (single !== undefined) return { name: single, index: 0 }
  const index = Number.parseInt(dataIdentifier.slice(6), 16)
  const family = referenceByPattern.get(`${dataIdentifier.slice(0, 6)}nn`)
  return family === undefined || index < 1 || index > maxIndex ? null : { name: family, index }
}

/** Value of a reply's payload: absent, invalid and of unexpected length are three different outcomes. */
export function decodeItem<N extends ItemName>(name: N, payload: Buffer): Result<ItemValues[N], ItemError> {
  return dataItems[name].format.decode(payload)
}

export function encodeItem<N extends ItemName>(name: N, value: ItemValues[N]): Buffer {
  return dataItems[name].format.encode(value)
}
