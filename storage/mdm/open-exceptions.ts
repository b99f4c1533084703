import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** An open exception with where it is, who owns it, and what was decided about it so far. */
export interface OpenException {
  readonly exceptionKey: string
  readonly code: string
  readonly kind: string
  readonly ordinal: number
  readonly rules: readonly string[]
  readonly detail: string
  readonly openedAt: Instant
  readonly deadline: Instant
  readonly meterId: bigint | null
  readonly meterCode: string | null
  readonly quantity: number | null
  readonly readAt: Instant | null
  readonly accountCode: string | null
  readonly periodStart: Instant | null
  readonly usagePointId: bigint | null
  readonly usagePointCode: string | null
  readonly supplyAddress: string | null
  readonly areaCode: string
  /** Of the organisation that has the area. */
  readonly timeZone: string
  /** Null where no crew has the area; then the grid cell's manager is the owner. */
  readonly crewCode: string | null
  readonly manager: string | null
  /** Null where billing says nothing of the account. */
  readonly priceE8: bigint | null
  readonly expectedEnergyE4: bigint | null
  /** A decision on this opening that has had no effect yet. */
  readonly waitingDecision: string | null
  readonly waitingAction: string | null
  readonly holdUntil: Instant | null
  readonly rejected: boolean
  readonly fieldOrderId: string | null
  readonly seenRevision: number | null
}

export interface OpenExceptionFilter {
  /** Of a crew, of areas that no crew has for `none`, or of the manager who owns such areas. */
  readonly crew?: string
  readonly area?: string
  readonly kind?: string
  readonly rule?: string
  /** Codes or whole keys. */
  readonly keys?: readonly string[]
}

/** What is open as known now, by key. `at`: as of which instant crews own areas. */
export async function findOpenExceptions(
  client: Queryable,
  at: Instant,
  filter: OpenExceptionFilter = {},
): Promise<readonly OpenException[]> {
  const { crew, area, kind, rule, keys } = filter
  return client.query<OpenException>(openExceptions, [
    toTimestamptz(at),
    crew ?? null,
    area ?? null,
    kind ?? null,
    rule ?? null,
    keys ?? null,
  ])
}

/** Decisions of one kind on the opening, that took effect and were not undone. */
const standing = (action: string) => `
  select d.decision_id, d.hold_until, e.field_order_id from exception_decision_item i
    join exception_decision d using (decision_id)
    join exception_effect e using (decision_id, exception_key)
   where i.exception_key = n.exception_key and i.seen_ordinal = n.ordinal and d.action = '${action}' and e.outcome = 'applied'
     and not exists (select from exception_undo r where r.undoes = d.decision_id and r.exception_key = i.exception_key)
   order by d.recorded_at desc limit 1`

const openExceptions = `
  with open as (
    select n.*, x.code, x.kind, x.meter_id, x.quantity, x.read_at, x.account_id, x.period_start, x.usage_point_id,
           coalesce(u.transformer_area_id, x.transformer_area_id) as area_id, u.code as usage_point_code, u.supply_address, u.grid_cell_id
      from exception_now n
      join exception x using (exception_key)
      left join usage_point u using (usage_point_id)
     where n.event = 'opened' and ($4::text is null or x.kind = $4) and ($5::text is null or $5 = any(n.rules))
       and ($6::text[] is null or x.code = any($6) or x.exception_key = any($6)))
  select n.exception_key as "exceptionKey", n.code, n.kind, n.ordinal, n.rules, n.detail, n.recorded_at as "openedAt", n.deadline,
         n.meter_id as "meterId", m.code as "meterCode", n.quantity::integer as quantity, n.read_at as "readAt",
         coalesce(c.code, g.code) as "accountCode", n.period_start as "periodStart", n.usage_point_id as "usagePointId",
         n.usage_point_code as "usagePointCode", n.supply_address as "supplyAddress",
         a.code as "areaCode", z.time_zone as "timeZone", w.code as "crewCode", coalesce(l.manager, b.manager) as manager,
         r.price_e8 as "priceE8", r.expected_energy_e4 as "expectedEnergyE4",
         p.decision_id as "waitingDecision", p.action as "waitingAction", h.hold_until as "holdUntil",
         j.decision_id is not null as rejected, f.field_order_id as "fieldOrderId", v.revision as "seenRevision"
    from open n
    join transformer_area a on a.transformer_area_id = n.area_id
    join organisation z on z.organisation_id = a.organisation_id
    left join meter m on m.meter_id = n.meter_id
    left join account c on c.account_id = n.account_id
    left join lateral (
      select k.account_id, k.code from agreement_timeline t join account k using (account_id)
       where n.account_id is null and t.usage_point_id = n.usage_point_id
         and t.revision = (select max(z.revision) from agreement_timeline z where z.account_id = t.account_id)
         and t.effective_from <= coalesce(n.read_at, n.period_start, $1)
       order by t.effective_from desc, t.account_id limit 1) g on true
    left join money_at_risk_now r on r.account_id = coalesce(n.account_id, g.account_id)
    left join crew_area_as_of($1, $1) o on o.transformer_area_id = n.area_id
    left join crew w using (crew_id)
    left join grid_cell l on l.grid_cell_id = n.grid_cell_id
    left join lateral (
      select q.manager from usage_point s join grid_cell q using (grid_cell_id)
       where l.manager is null and s.transformer_area_id = n.area_id order by s.usage_point_id limit 1) b on true
    left join lateral (
      select d.decision_id, d.action from exception_decision_item i join exception_decision d using (decision_id)
       where i.exception_key = n.exception_key and i.seen_ordinal = n.ordinal and d.action <> 'undo'
         and not exists (select from exception_effect e where (e.decision_id, e.exception_key) = (i.decision_id, i.exception_key))
         and not exists (select from exception_undo y where y.undoes = d.decision_id and y.exception_key = i.exception_key)
       order by d.recorded_at desc limit 1) p on true
    left join lateral (${standing('hold')}) h on true
    left join lateral (${standing('reject')}) j on true
    left join lateral (
      select s.field_order_id from field_order s
       where s.meter_id = n.meter_id and s.read_at = n.read_at
         and not exists (select from field_order_result t where t.field_order_id = s.field_order_id)) f on true
    left join lateral (
      select d.revision from validation_decision d
       where (d.meter_id, d.quantity, d.read_at) = (n.meter_id, n.quantity, n.read_at) order by d.revision desc limit 1) v on true
   where ($2::text is null or w.code = $2 or (w.code is null and $2 in ('none', coalesce(l.manager, b.manager)))) and ($3::text is null or a.code = $3)
   order by n.exception_key`
