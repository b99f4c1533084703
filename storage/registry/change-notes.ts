import { quantities } from '../../domain/quantities.js'
import { type MeterId, readingSources, type RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

/** Changes at which somebody reads registers from a display. */
export type NotingKind = 'meter_exchange' | 'meter_removal' | 'installation' | 'multiplier'

/** How a note says which change it came with. Notes of before that was asked say nothing: ''. */
export function noteKey(kind: NotingKind, usagePointId: bigint): string {
  return `${kind} ${usagePointId}`
}

/** What a paper that stands says of a display. */
export interface ChangeNote {
  readonly notedFor: string
  readonly registers: RegisterSet
  readonly document: string
}

/** What standing papers say of a meter's display at an instant, the oldest first. */
export async function readChangeNotes(
  client: Queryable,
  meterId: MeterId,
  readAt: Instant,
): Promise<readonly ChangeNote[]> {
  const rows = await client.query<RegisterColumns & { readonly noted_for: string; readonly document: string }>(
    `select total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, noted_for, document from manual_reading_standing
      where meter_id = $1 and quantity = $2 and read_at = $3 and source = $4 order by recorded_at, noted_for`,
    [meterId, quantities.forward_active_energy.code, toTimestamptz(readAt), readingSources.exchange],
  )
  return rows.map((row) => ({ notedFor: row.noted_for, registers: toRegisters(row), document: row.document }))
}

/** A note whose meter does not hang where its change says that it did. */
export interface GroundlessNote {
  readonly kind: string
  readonly at: Instant
  readonly meter: string
  readonly document: string
}

/**
 * Notes of a usage point whose meter does not hang there then, as the registry stands now: one that was taken away does not end there, one
 * that was hung up does not begin, and one that was read for new transformers is not there. Notes of exchanges are judged with theirs.
 */
export function notesWithoutGround(client: Queryable, usagePointId: bigint): Promise<readonly GroundlessNote[]> {
  return client.query<GroundlessNote>(
    `with hung as (
       select * from installation_timeline
        where usage_point_id = $1 and revision = (select max(revision) from installation_timeline where usage_point_id = $1)),
     ever as (select distinct meter_id from installation_timeline where usage_point_id = $1)
     select split_part(n.noted_for, ' ', 1) as kind, n.read_at as at, m.code as meter, n.document
       from manual_reading_standing n join ever using (meter_id) join meter m using (meter_id)
      where n.quantity = $2 and n.source = $3
        and case n.noted_for
              when 'multiplier ' || $1::bigint then not exists (select from hung h where h.meter_id = n.meter_id and h.effective_from <= n.read_at
                                                          and coalesce(h.effective_to, 'infinity') >= n.read_at)
              when 'meter_removal ' || $1::bigint then not exists (select from hung h where h.meter_id = n.meter_id and h.effective_to = n.read_at)
              when 'installation ' || $1::bigint then not exists (select from hung h where h.meter_id = n.meter_id and h.effective_from = n.read_at)
              when '' then not exists (select from installation_timeline h
                                        where h.meter_id = n.meter_id and h.effective_from <= n.read_at and coalesce(h.effective_to, 'infinity') >= n.read_at
                                          and h.revision = (select max(l.revision) from installation_timeline l where l.usage_point_id = h.usage_point_id))
              else false
            end
      order by n.read_at, m.code`,
    [usagePointId, quantities.forward_active_energy.code, readingSources.exchange],
  )
}

/** Standing notes of a meter, whatever they came with, in order of time. */
export async function changeNotesOfMeter(
  client: Queryable,
  meterId: MeterId,
): Promise<readonly (ChangeNote & { readonly at: Instant })[]> {
  const rows = await client.query<
    RegisterColumns & { readonly noted_for: string; readonly document: string; readonly at: Instant }
  >(
    `select total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, noted_for, document, read_at as at from manual_reading_standing
      where meter_id = $1 and quantity = $2 and source = $3 order by read_at, noted_for`,
    [meterId, quantities.forward_active_energy.code, readingSources.exchange],
  )
  return rows.map((row) => ({
    notedFor: row.noted_for,
    registers: toRegisters(row),
    document: row.document,
    at: row.at,
  }))
}
