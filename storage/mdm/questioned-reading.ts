import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A reading as it is decided, with the place where its meter hung then, or hung last. */
export interface DecidedReading {
  readonly meterId: bigint
  readonly revision: number
  readonly verdict: 'accepted' | 'estimated' | 'held'
  /** Null for a meter that never hung anywhere. */
  readonly usagePointId: bigint | null
}

export async function findDecidedReading(
  client: Queryable,
  { meter, quantity, readAt }: { readonly meter: string; readonly quantity: number; readonly readAt: Instant },
): Promise<DecidedReading | null> {
  const [row] = await client.query<DecidedReading>(
    `select m.meter_id as "meterId", v.revision, v.verdict, i.usage_point_id as "usagePointId"
       from meter m
       join lateral (select * from validation_decision d
                      where d.meter_id = m.meter_id and d.quantity = $2 and d.read_at = $3 order by d.revision desc limit 1) v on true
       left join lateral (
         select t.usage_point_id from installation_timeline t
          where t.meter_id = m.meter_id
          order by (t.effective_from <= $3 and (t.effective_to is null or t.effective_to >= $3)) desc, t.recorded_at desc, t.effective_from desc
          limit 1) i on true
      where m.code = $1`,
    [meter, quantity, toTimestamptz(readAt)],
  )
  return row ?? null
}
