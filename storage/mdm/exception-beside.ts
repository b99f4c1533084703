import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

export interface KnownReading {
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly verdict: 'accepted' | 'estimated'
}
/** The accepted values next to a key on both sides; estimates are none. */
export interface KnownBeside {
  readonly before: KnownReading | null
  readonly after: KnownReading | null
}
interface Key {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
}

export async function readBeside(client: Queryable, key: Key): Promise<KnownBeside> {
  const accepted = ['accepted'] as const
  return {
    before: await nearest(client, key, { side: '<', verdicts: accepted }),
    after: await nearest(client, key, { side: '>', verdicts: accepted }),
  }
}

/** The decided values next to a key, accepted or estimated: between them lies what its value moves from one day to the other. */
export async function readDecidedBeside(client: Queryable, key: Key): Promise<KnownBeside> {
  const verdicts = ['accepted', 'estimated'] as const
  return {
    before: await nearest(client, key, { side: '<', verdicts }),
    after: await nearest(client, key, { side: '>', verdicts }),
  }
}

async function nearest(
  client: Queryable,
  { meterId, quantity, readAt }: Key,
  { side, verdicts }: { readonly side: '<' | '>'; readonly verdicts: readonly string[] },
): Promise<KnownReading | null> {
  const [row] = await client.query<RegisterColumns & Pick<KnownReading, 'readAt' | 'verdict'>>(
    `select v.read_at as "readAt", v.verdict, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4
       from validation_decision v
      where v.meter_id = $1 and v.quantity = $2 and v.read_at ${side} $3 and v.verdict = any($4::text[])
        and not exists (select from validation_decision n
                         where (n.meter_id, n.quantity, n.read_at) = (v.meter_id, v.quantity, v.read_at) and n.revision > v.revision)
      order by v.read_at ${side === '<' ? 'desc' : 'asc'} limit 1`,
    [meterId, quantity, toTimestamptz(readAt), verdicts],
  )
  return row === undefined ? null : { readAt: row.readAt, verdict: row.verdict, registers: toRegisters(row) }
}
