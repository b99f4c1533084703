import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export type NoLossesReason = 'no_transformer_area' | 'no_supply_meter'

/** Why no area has a loss to be worked out. */
export interface NoLosses {
  readonly kind: NoLossesReason
  /** Areas that were asked about. */
  readonly areas: number
}

export async function whyNoLosses(client: Queryable, organisationId: bigint | null): Promise<NoLosses> {
  const [row] = await client.query<{ readonly areas: number }>(
    `with recursive tree as (
       select organisation_id from organisation where organisation_id = $1 or ($1::bigint is null and parent_id is null)
       union all
       select o.organisation_id from organisation o join tree on o.parent_id = tree.organisation_id)
     select count(*)::integer as areas from transformer_area where organisation_id in (select organisation_id from tree)`,
    [organisationId],
  )
  const areas = row?.areas ?? 0
  return { kind: areas === 0 ? 'no_transformer_area' : 'no_supply_meter', areas }
}

export type NoCurvesReason = 'no_meter_in_registry' | 'no_curve_collected' | 'curves_of_no_meter'

/** Why no meter has a curve to be settled in [from, to). */
export interface NoCurves {
  readonly kind: NoCurvesReason
  readonly meters: number
}

export async function whyNoCurves(
  client: Queryable,
  { from, to, meterId }: { readonly from: Instant; readonly to: Instant; readonly meterId: bigint | null },
): Promise<NoCurves> {
  const [row] = await client.query<{ readonly meters: number; readonly pieces: boolean }>(
    `select (select count(*)::integer from meter where $3::bigint is null or meter_id = $3) as meters,
            exists (select from interval_piece
                     where slot_start >= $1 and slot_start < $2 and ($3::bigint is null or meter_id = $3)) as pieces`,
    [toTimestamptz(from), toTimestamptz(to), meterId],
  )
  const meters = row?.meters ?? 0
  if (meters === 0) return { kind: 'no_meter_in_registry', meters }
  return { kind: row?.pieces === true ? 'curves_of_no_meter' : 'no_curve_collected', meters }
}
