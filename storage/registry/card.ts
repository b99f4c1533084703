import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { Belief, BelievedKind } from './as-of.js'

/** What a person at the counter wants to see of one supply at once; null where there is none. */
export interface RegistryCard {
  readonly timeZone: string | null
  readonly organisation: string | null
  readonly usagePoint: string | null
  readonly supplyAddress: string | null
  readonly transformerArea: string | null
  readonly gridCell: string | null
  readonly gridManager: string | null
  readonly crew: string | null
  readonly meter: string | null
  readonly communicationAddress: string | null
  readonly meterModel: string | null
  readonly line: string | null
  readonly multiplier: bigint | null
  readonly account: string | null
  readonly customer: string | null
  readonly customerName: string | null
  readonly customerKind: string | null
  readonly isKeyAccount: boolean | null
  readonly tariff: string | null
  readonly usageClass: string | null
  readonly contractCapacityKva: number | null
  readonly contacts: readonly CardContact[]
}
export interface CardContact {
  readonly channel: string
  readonly address: string
  readonly verified: boolean
}

/** Supplies by what was asked for; $1 code, $2 known at, $3 true at. */
const asked = {
  usage_point: `
    select u.usage_point_id, t.account_id, i.meter_id from usage_point u
      left join agreement_as_of($2, $3) t using (usage_point_id) left join installation_as_of($2, $3) i using (usage_point_id)
     where u.code = $1`,
  account: `
    select t.usage_point_id, a.account_id, i.meter_id from account a
      left join agreement_as_of($2, $3) t using (account_id) left join installation_as_of($2, $3) i on i.usage_point_id = t.usage_point_id
     where a.code = $1`,
  meter: `
    select i.usage_point_id, t.account_id, m.meter_id from meter m
      left join installation_as_of($2, $3) i using (meter_id) left join agreement_as_of($2, $3) t on t.usage_point_id = i.usage_point_id
     where m.code = $1`,
} as const satisfies Readonly<Record<BelievedKind, string>>

/** The supplies of a usage point, an account or a meter, as they were believed to be. */
export async function readCards(
  client: Queryable,
  kind: BelievedKind,
  code: string,
  { knownAt, at }: Belief,
): Promise<readonly RegistryCard[]> {
  return client.query<RegistryCard>(
    `with asked as (${asked[kind]})
     select o.time_zone as "timeZone", o.code as organisation, u.code as "usagePoint", u.supply_address as "supplyAddress",
            r.code as "transformerArea", g.code as "gridCell", g.manager as "gridManager", c.code as crew,
            m.code as meter, m.communication_address as "communicationAddress", m.model as "meterModel", l.code as line,
            x.ct_ratio::bigint * x.pt_ratio as multiplier, a.code as account, p.code as customer, p.name as "customerName",
            p.kind as "customerKind", p.key_account as "isKeyAccount", t.tariff_code as tariff, t.usage_class as "usageClass",
            t.contract_capacity_kva as "contractCapacityKva",
            (select coalesce(jsonb_agg(jsonb_build_object('channel', k.channel, 'address', k.address, 'verified', k.verified) order by k.channel), '[]')
               from contact_as_of($2, $3) k where k.account_id = asked.account_id) as contacts
       from asked
       left join usage_point u using (usage_point_id)
       left join meter_as_of($2) m using (meter_id)
       left join account a on a.account_id = asked.account_id
       left join organisation o on o.organisation_id = coalesce(u.organisation_id, a.organisation_id)
       left join transformer_area r on r.transformer_area_id = u.transformer_area_id
       left join grid_cell g on g.grid_cell_id = u.grid_cell_id
       left join crew_area_as_of($2, $3) w on w.transformer_area_id = u.transformer_area_id
       left join crew c on c.crew_id = w.crew_id
       left join installation_as_of($2, $3) i on i.usage_point_id = u.usage_point_id
       left join line l on l.line_id = i.line_id
       left join multiplier_as_of($2, $3) x on x.usage_point_id = u.usage_point_id
       left join customer p on p.customer_id = a.customer_id
       left join agreement_as_of($2, $3) t on t.account_id = a.account_id and t.usage_point_id = u.usage_point_id
      order by u.code, a.code, m.code`,
    [code, toTimestamptz(knownAt), toTimestamptz(at)],
  )
}
