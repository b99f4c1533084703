import { createHash } from 'node:crypto'
import type { CurveChannel, IntervalDay, SlotFill } from '../../domain/interval-day.js'
import { quantities } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { type CopyRow, encodeCopy } from '../copy-binary.js'
import type { Queryable } from '../database.js'

/** A day of one channel of a meter, under its key. */
export interface KeyedDay {
  readonly meterId: MeterId
  readonly channel: CurveChannel
  readonly day: IntervalDay
}

export interface Provenance {
  readonly policyVersion: string
  readonly recordedAt: Instant
}

/** Revision and content of the last row of a day. */
export interface LastRevision {
  readonly revision: number
  readonly digest: Uint8Array
}

const int32Bytes = 4

/** Energies as stored: little-endian int32 per slot. */
export function toSlotBytes(energiesE4: BigInt64Array): Buffer {
  const bytes = Buffer.allocUnsafe(int32Bytes * energiesE4.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let slot = 0; slot < energiesE4.length; slot++) view.setInt32(int32Bytes * slot, Number(energiesE4[slot]), true)
  return bytes
}

export function fromSlotBytes(bytes: Uint8Array): BigInt64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return BigInt64Array.from({ length: bytes.length / int32Bytes }, (_, slot) =>
    BigInt(view.getInt32(int32Bytes * slot, true)),
  )
}

/** SHA-256 of all that a day says; neither the policy's version nor the time of recording is part of it. */
function digestOf(day: IntervalDay, slotBytes: Buffer, fills: string | null): Buffer {
  const { serviceDate, slotMinutes, startE4, endE4, differenceE4, verdict, rules, reason } = day
  const words = [serviceDate, slotMinutes, startE4, endE4, differenceE4, verdict, rules.join(' '), reason, fills ?? '']
  return createHash('sha256').update(words.join('|')).update(slotBytes).update(day.qualities).digest()
}

const columns = [
  'meter_id',
  'channel',
  'day_start',
  'revision',
  'service_date',
  'slot_minutes',
  'slot_count',
  'values_e4',
  'qualities',
  'start_e4',
  'end_e4',
  'sum_e4',
  'difference_e4',
  'verdict',
  'rules',
  'reason',
  'fills',
  'content_digest',
  'policy_version',
  'recorded_at',
] as const
const types = [
  'int8',
  'int2',
  'timestamptz',
  'int4',
  'date',
  'int2',
  'int2',
  'bytea',
  'bytea',
  'int8',
  'int8',
  'int8',
  'int8',
  'text',
  'text[]',
  'text',
  'jsonb',
  'bytea',
  'text',
  'timestamptz',
] as const

/**
 * Appends a revision for each day that says something else than its last one.
 * @returns how many were appended.
 */
export async function appendIntervalDays(
  client: Queryable,
  days: readonly KeyedDay[],
  last: ReadonlyMap<string, LastRevision>,
  provenance: Provenance,
): Promise<number> {
  const rows = days.flatMap((keyed): readonly CopyRow<typeof types>[] => {
    const row = toRow(
      keyed,
      last.get(dayKey(keyed.meterId, quantities[keyed.channel].code, keyed.day.dayStart)),
      provenance,
    )
    return row === null ? [] : [row]
  })
  if (rows.length === 0) return 0
  return client.copyIn(`copy interval_day (${columns.join(', ')}) from stdin (format binary)`, encodeCopy(types, rows))
}

function toRow(
  { meterId, channel, day }: KeyedDay,
  last: LastRevision | undefined,
  { policyVersion, recordedAt }: Provenance,
) {
  const slotBytes = toSlotBytes(day.energiesE4)
  const fills = day.fills.length === 0 ? null : JSON.stringify(day.fills.map(toStoredFill))
  const digest = digestOf(day, slotBytes, fills)
  if (last !== undefined && digest.equals(last.digest)) return null
  const { dayStart, serviceDate, slotMinutes, qualities, startE4, endE4, sumE4, differenceE4, verdict, rules, reason } =
    day
  return [
    meterId,
    quantities[channel].code,
    dayStart,
    (last?.revision ?? 0) + 1,
    serviceDate,
    slotMinutes,
    qualities.length,
    slotBytes,
    qualities,
    startE4,
    endE4,
    sumE4,
    differenceE4,
    verdict,
    rules,
    reason,
    fills,
    digest,
    policyVersion,
    recordedAt,
  ] as const
}

function toStoredFill({ slot, slots, energyE4, method, basisDays, halfWidthE4 }: SlotFill) {
  return { slot, slots, energyE4: energyE4.toString(), method, basisDays, halfWidthE4: halfWidthE4.toString() }
}

export function dayKey(meterId: MeterId, channel: number, dayStart: Instant): string {
  return `${meterId} ${channel} ${dayStart}`
}
