import { groupBy } from '../../domain/group-by.js'
import type { MeterId } from '../../domain/reading.js'
import { unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import type { CollectedValue, CountedEvents, Evidence } from '../../storage/headend/collected-values.js'
import { hundredthE4, tariffsContradict } from '../acquisition/contradicting-tariffs.js'
import { type CurveSource, hourlyFreezes, toInterval } from './curve-source.js'
import { decodeSetItem } from './decode-set-item.js'
import { eventKindNames, eventKinds } from './event-kinds.js'
import { type EventRecord, ordinalsOf } from './event-records.js'
import type { LoadSlot } from './load-slots.js'
import { monthlyItems } from './read-monthly-set.js'
import { isClearOfSettlement, lastSettlement } from './settlement-moment.js'
import type { SetItemProblem } from './set-item-error.js'
import type { SettlementDay, SetValue } from './set-value.js'

/** An item of a reading set that a concentrator read by itself and brought, as bytes or as text turned into bytes. */
export interface UploadedItem {
  readonly meterId: MeterId
  /** Digits of the meter's registers before the point. */
  readonly registerDigits: number
  readonly edition: Edition
  readonly dataIdentifier: string
  readonly payload: Buffer
  /** When the concentrator read it, by its own word; null where it says nothing. */
  readonly readAt: Instant | null
  readonly evidence: Evidence
}

/** Why an uploaded item brought no value. */
export type UploadedItemCause =
  | SetItemProblem
  /** What the item says is of the moment at which it was read, and nobody says which that was. */
  | 'undated'
  /** Registers that cannot be those of one meter at one moment. */
  | 'tariffs_contradict_total'

export interface UploadedProblem {
  readonly item: UploadedItem
  readonly cause: UploadedItemCause
}

export interface UploadValues {
  readonly values: readonly CollectedValue[]
  readonly counts: readonly CountedEvents[]
  readonly problems: readonly UploadedProblem[]
}

interface Decoded {
  readonly item: UploadedItem
  readonly value: SetValue
}

/**
 * What the items of one upload say. Values are dated by the message alone, so that the same upload, come again, is the same values.
 * Registers and demands of the last settlement count only together with the settlement day of the same meter in the same upload.
 * @param source how the concentrator dates the points of its load records.
 */
export function valuesOfUpload(items: readonly UploadedItem[], source: CurveSource): UploadValues {
  const values: CollectedValue[] = []
  const counts: CountedEvents[] = []
  const problems: UploadedProblem[] = []
  const decoded: Decoded[] = []
  for (const item of items) {
    const value = decodeSetItem(item.edition, item.dataIdentifier, item.payload)
    if (value.ok) decoded.push({ item, value: value.value })
    else problems.push({ item, cause: value.error.kind })
  }
  for (const ofMeter of groupBy(decoded, ({ item }) => item.meterId).values()) {
    const day = settlementDayOf(ofMeter)
    for (const each of ofMeter) {
      const said = sayOf(each, day, source)
      if (said.cause !== undefined) problems.push({ item: each.item, cause: said.cause })
      values.push(...(said.values ?? []))
      counts.push(...(said.counts ?? []))
    }
    values.push(...eventsOf(ofMeter))
  }
  return { values, counts, problems }
}

interface Said {
  readonly values?: readonly CollectedValue[]
  readonly counts?: readonly CountedEvents[]
  readonly cause?: UploadedItemCause
}

function sayOf({ item, value }: Decoded, day: SettlementDay | null, source: CurveSource): Said {
  const { meterId, evidence, readAt } = item
  switch (value.kind) {
    case 'load_records':
      return { values: value.slots.flatMap((slot) => intervalsOf(item, slot, source)) }
    case 'hourly_freeze': {
      const interval = toInterval(hourlyFreezes, meterId, 'hourly_energy', value, evidence)
      return interval === null ? { cause: 'value_invalid' } : { values: [interval] }
    }
    case 'relay_state':
      return readAt === null
        ? { cause: 'undated' }
        : { values: [{ kind: 'relay', meterId, readAt, ...value.state, evidence }] }
    case 'event_counts':
      return readAt === null ? { cause: 'undated' } : { counts: countsOf(item, value.counts, readAt) }
    case 'registers':
    case 'demand':
      return settled(item, value, day)
    case 'event':
    case 'settlement_day':
      return {}
    // Clocks need the round trip, the demands of 1997 two items of one reading, freezes their stamps, tables all of their parts: none of
    // that is in an upload.
    case 'meter_date':
    case 'meter_time':
    case 'demand_values':
    case 'demand_times':
    case 'freeze_stamp':
    case 'tou_item':
      return { cause: 'unknown_item' }
    default:
      return unreachable(value)
  }
}

/** Running registers and freezes look the same, and are of another moment. */
function isOfLastSettlement({ edition, dataIdentifier }: UploadedItem): boolean {
  const { registers, demand } = monthlyItems[edition]
  return [...registers, ...demand].some((each) => each === dataIdentifier)
}

function settled(
  item: UploadedItem,
  value: Extract<SetValue, { readonly kind: 'registers' | 'demand' }>,
  day: SettlementDay | null,
): Said {
  const { meterId, readAt, evidence } = item
  if (!isOfLastSettlement(item)) return { cause: 'unknown_item' }
  if (readAt === null || day === null || !isClearOfSettlement(day, readAt, readAt)) return { cause: 'undated' }
  const settledAt = lastSettlement(day, readAt)
  const of = { meterId, settledAt, evidence }
  if (value.kind === 'demand') return { values: [{ ...value, ...of }] }
  const { quantity, registers } = value
  const { registerDigits } = item
  if (tariffsContradict(registers, { registerDigits, stepE4: hundredthE4, isComplete: true }))
    return { cause: 'tariffs_contradict_total' }
  return { values: [{ kind: 'settlement', quantity, registers, ...of }] }
}

function settlementDayOf(ofMeter: readonly Decoded[]): SettlementDay | null {
  for (const { value } of ofMeter) if (value.kind === 'settlement_day') return value.settlementDay
  return null
}

function intervalsOf(
  { meterId, evidence }: UploadedItem,
  { stamp, powerE4, energyE4 }: LoadSlot,
  source: CurveSource,
): readonly CollectedValue[] {
  const curves = [
    ['load_power', powerE4],
    ['load_energy', energyE4],
  ] as const
  return curves.flatMap(([curve, valuesE4]) => {
    const interval = valuesE4 === null ? null : toInterval(source, meterId, curve, { stamp, valuesE4 }, evidence)
    return interval === null ? [] : [interval]
  })
}

function countsOf(
  { meterId, dataIdentifier }: UploadedItem,
  counts: readonly number[],
  countedAt: Instant,
): readonly CountedEvents[] {
  return eventKindNames
    .filter((kind) => eventKinds[kind].countItem === dataIdentifier)
    .map((event) => ({ meterId, event, countedAt, counted: counts[eventKinds[event].counter] ?? 0 }))
}

interface DatedRecord {
  readonly item: UploadedItem
  readonly record: EventRecord
}

/** Records of each kind, the latest first, with their ordinals. */
function eventsOf(ofMeter: readonly Decoded[]): readonly CollectedValue[] {
  const records = ofMeter.flatMap(({ item, value }): readonly DatedRecord[] =>
    value.kind === 'event' && value.record !== null ? [{ item, record: value.record }] : [],
  )
  return [...groupBy(records, ({ record }) => record.kind).values()].flatMap((ofKind) => {
    const latestFirst = ofKind.toSorted((left, right) =>
      left.item.dataIdentifier < right.item.dataIdentifier ? -1 : 1,
    )
    const ordinals = ordinalsOf(latestFirst.map(({ record }) => record.occurredAt))
    return latestFirst.map(({ item, record }, index): CollectedValue => {
      const { kind, occurredAt, endedAt, operator, detail } = record
      const { meterId, evidence } = item
      const ordinal = ordinals[index] ?? 1
      return { kind: 'event', meterId, event: kind, occurredAt, ordinal, endedAt, operator, detail, evidence }
    })
  })
}
