import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { usageClassOf } from './estimation.js'

/** An estimate with what stands under its key now; registers kWh e4. */
export interface ListedEstimate {
  readonly meter: string
  readonly usagePoint: string
  readonly usageClass: string
  readonly timeZone: string
  readonly readAt: Instant
  readonly revision: number
  readonly method: string
  readonly totalE4: bigint
  readonly lowE4: bigint
  readonly highE4: bigint
  readonly beforeAt: Instant
  readonly afterAt: Instant | null
  readonly historyDays: number
  readonly peers: number
  readonly boundary: boolean
  readonly policyVersion: string
  readonly recordedAt: Instant
  /** `estimated` while it or a later estimate stands. */
  readonly standingVerdict: string
  readonly superseded: boolean
  /** What stands less the estimate; null where what stands is held. */
  readonly differenceE4: bigint | null
  readonly heldInInterval: boolean | null
}

export interface EstimateFilter {
  /** Those alone that still stand for a reading. */
  readonly open: boolean
  readonly method: string | null
  readonly limit: number
}

/** Estimates by point, the longest unread meters first. */
export async function listEstimates(client: Queryable, filter: EstimateFilter): Promise<readonly ListedEstimate[]> {
  return client.query<ListedEstimate>(
    `select m.code as meter, coalesce(u.code, '') as "usagePoint", coalesce(class.usage_class, 'residential') as "usageClass",
            coalesce(o.time_zone, 'Asia/Shanghai') as "timeZone", e.read_at as "readAt", e.revision, e.method, e.total_e4 as "totalE4",
            e.low_e4 as "lowE4", e.high_e4 as "highE4", e.before_at as "beforeAt", e.after_at as "afterAt",
            e.history_days as "historyDays", e.peers, e.boundary, e.policy_version as "policyVersion", e.recorded_at as "recordedAt",
            e.standing_verdict as "standingVerdict", e.superseded, e.difference_e4 as "differenceE4",
            e.held_in_interval as "heldInInterval"
       from estimate_outcome e
       join meter m using (meter_id)
       left join due_read d on d.meter_id = e.meter_id and d.template = 'daily_freeze' and d.read_at = e.read_at
       left join usage_point u on u.usage_point_id = d.usage_point_id
       left join organisation o on o.organisation_id = u.organisation_id
       left join lateral (${usageClassOf('d.usage_point_id', 'e.read_at')}) class on true
      where ($1 is not true or not e.superseded) and ($2::text is null or e.method = $2)
      order by e.before_at, m.code, e.read_at, e.revision limit $3`,
    [filter.open, filter.method, filter.limit],
  )
}
