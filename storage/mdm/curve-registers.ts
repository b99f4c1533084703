import { type CurveChannel } from '../../domain/interval-day.js'
import { quantities } from '../../domain/quantities.js'
import { readingSources, type MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { bigintOf, createWordDecoder, instantOf, wholeOf } from '../copy-words.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface AcceptedRegister {
  readonly readAt: Instant
  /** Place of the quantity among the channels asked for. */
  readonly channelAt: number
  readonly registerE4: bigint
}

/**
 * Accepted totals of meters with read_at in [from, to], by meter. A live reading stands for its midnight but was taken later, so it
 * says nothing of the slots at that midnight.
 */
export async function readAcceptedRegisters(
  client: Queryable,
  meterIds: readonly MeterId[],
  channels: readonly CurveChannel[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<ReadonlyMap<MeterId, readonly AcceptedRegister[]>> {
  const found = new Map<MeterId, AcceptedRegister[]>()
  if (meterIds.length === 0) return found
  const places = new Map(channels.map((channel, place) => [quantities[channel].code as number, place]))
  const lists = new Map(meterIds.map((meterId) => [Number(meterId), []] as [number, AcceptedRegister[]]))
  const decoder = createWordDecoder(4, (row) => {
    const channelAt = places.get(wholeOf(row, 1))
    if (channelAt === undefined) return
    lists.get(wholeOf(row, 0))?.push({ readAt: instantOf(row, 2), channelAt, registerE4: bigintOf(row, 3) })
  })
  const [first = 0n, last = 0n] = [meterIds[0], meterIds.at(-1)]
  await client.copyOut(
    `copy (select meter_id, quantity::bigint, read_at, total_e4 from validated_reading
            where meter_id between ${first} and ${last} and quantity in (${[...places.keys()].join(', ')})
              and read_at >= '${toTimestamptz(from)}' and read_at <= '${toTimestamptz(to)}'
              and verdict = 'accepted' and source is distinct from ${readingSources.live}) to stdout (format binary)`,
    decoder.push,
  )
  decoder.end()
  for (const meterId of meterIds) found.set(meterId, lists.get(Number(meterId)) ?? [])
  return found
}
