import {
  type CurveChannel,
  curveChannels,
  type IntervalDay,
  type SlotFill,
  type SlotMinutes,
} from '../../domain/interval-day.js'
import { quantities } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import { createCopyDecoder } from '../copy-binary.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { dayKey, fromSlotBytes, type LastRevision } from './interval-days.js'

interface DaySpan {
  readonly from: Instant
  readonly to: Instant
}

/** The last revision of the days that begin in [from, to), by `dayKey`. */
export async function readLastRevisions(
  client: Queryable,
  meterIds: readonly MeterId[],
  span: DaySpan,
): Promise<ReadonlyMap<string, LastRevision>> {
  const found = new Map<string, LastRevision>()
  if (meterIds.length === 0) return found
  const decoder = createCopyDecoder(
    ['int8', 'int2', 'timestamptz', 'int4', 'bytea'],
    ([meterId, channel, dayStart, revision, digest]) => {
      if (meterId !== null && channel !== null && dayStart !== null && revision !== null && digest !== null)
        found.set(dayKey(meterId, channel, dayStart), { revision, digest })
    },
  )
  await client.copyOut(
    `copy (select meter_id, channel, day_start, revision, content_digest from interval_day_latest
            where ${within(meterIds, span)}) to stdout (format binary)`,
    decoder.push,
  )
  decoder.end()
  return found
}

export interface StoredShape {
  readonly serviceDate: LocalDate
  readonly slotMinutes: SlotMinutes
  readonly energiesE4: BigInt64Array
  readonly qualities: Uint8Array
}

/** Days of [from, to) that are not held, by meter and channel: `${meterId} ${channel}`. */
export async function readPastDays(
  client: Queryable,
  meterIds: readonly MeterId[],
  span: DaySpan,
): Promise<ReadonlyMap<string, readonly StoredShape[]>> {
  const found = new Map<string, StoredShape[]>()
  if (meterIds.length === 0) return found
  const decoder = createCopyDecoder(
    ['int8', 'int2', 'date', 'int2', 'bytea', 'bytea'],
    ([meterId, channel, serviceDate, slotMinutes, values, qualities]) => {
      if (serviceDate === null || values === null || qualities === null) return
      const key = `${meterId} ${channel}`
      const days = found.get(key) ?? []
      const energiesE4 = fromSlotBytes(values)
      days.push({ serviceDate, slotMinutes: slotMinutes as SlotMinutes, energiesE4, qualities })
      found.set(key, days)
    },
  )
  await client.copyOut(
    `copy (select meter_id, channel, service_date, slot_minutes, values_e4, qualities from interval_day_latest
            where ${within(meterIds, span)} and verdict <> 'held') to stdout (format binary)`,
    decoder.push,
  )
  decoder.end()
  return found
}

/** COPY takes no parameters; ids and instants are written out, and can be nothing else. */
function within(meterIds: readonly MeterId[], { from, to }: DaySpan): string {
  return `meter_id in (${meterIds.join(', ')}) and day_start >= '${toTimestamptz(from)}' and day_start < '${toTimestamptz(to)}'`
}

/** The last revision of a day, with where it came from. */
export interface StoredDay extends IntervalDay {
  readonly channel: CurveChannel
  readonly revision: number
  readonly policyVersion: string
  readonly recordedAt: Instant
}

interface DayRow {
  readonly channel: number
  readonly day_start: Instant
  readonly revision: number
  readonly service_date: LocalDate
  readonly slot_minutes: SlotMinutes
  readonly values_e4: Uint8Array
  readonly qualities: Uint8Array
  readonly start_e4: bigint | null
  readonly end_e4: bigint | null
  readonly sum_e4: bigint
  readonly difference_e4: bigint | null
  readonly verdict: IntervalDay['verdict']
  readonly rules: readonly string[]
  readonly reason: string
  readonly fills: readonly StoredFill[] | null
  readonly policy_version: string
  readonly recorded_at: Instant
}

type StoredFill = Omit<SlotFill, 'energyE4' | 'halfWidthE4'> & {
  readonly energyE4: string
  readonly halfWidthE4: string
}

/** The days of a meter that begin in [from, to), the last revision of each, by channel and time. */
export async function selectIntervalDays(
  client: Queryable,
  meterId: MeterId,
  { from, to }: DaySpan,
): Promise<readonly StoredDay[]> {
  const rows = await client.query<DayRow>(
    `select * from interval_day_latest where meter_id = $1 and day_start >= $2 and day_start < $3 order by channel, day_start`,
    [meterId, toTimestamptz(from), toTimestamptz(to)],
  )
  return rows.map(fromRow)
}

function fromRow(row: DayRow): StoredDay {
  const channel = curveChannels.find((name) => quantities[name].code === row.channel)
  return {
    channel: present(channel, `channel ${row.channel}`),
    revision: row.revision,
    dayStart: row.day_start,
    serviceDate: row.service_date,
    slotMinutes: row.slot_minutes,
    energiesE4: fromSlotBytes(row.values_e4),
    qualities: row.qualities,
    startE4: row.start_e4,
    endE4: row.end_e4,
    sumE4: row.sum_e4,
    differenceE4: row.difference_e4,
    verdict: row.verdict,
    rules: row.rules,
    reason: row.reason,
    fills: (row.fills ?? []).map((fill) => ({
      ...fill,
      energyE4: BigInt(fill.energyE4),
      halfWidthE4: BigInt(fill.halfWidthE4),
    })),
    policyVersion: row.policy_version,
    recordedAt: row.recorded_at,
  }
}
