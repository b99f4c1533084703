import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'

/** What was believed at `knownAt` to be true at `at`. */
export interface Belief {
  readonly knownAt: Instant
  readonly at: Instant
}
export interface BelievedFact {
  readonly aspect: string
  readonly value: Row
  /** Null for facts that are no stretch of a timeline. */
  readonly revision: number | null
  readonly from: Instant | null
  readonly to: Instant | null
  readonly recordedAt: Instant
  readonly actor: string
  readonly reason: string
}
export const believedKinds = ['usage_point', 'account', 'meter'] as const
export type BelievedKind = (typeof believedKinds)[number]

const stamp = 't.revision, t.effective_from, t.effective_to, t.recorded_at, t.actor_id, t.reason'
const unstamped = 'null::integer, null::timestamptz, null::timestamptz, t.recorded_at, t.actor_id, t.document'

const decimal = (column: string, scale: number) => `trim_scale(${column} / 1e${scale})::text`

/** Corrections that were written by then of changes up to then, in effect or waiting; what they put in place stands as the other aspects. */
const correction = (isMeant: string) => `
    select 'correction', jsonb_build_object('of', c.kind, 'at', c.at, 'event', c.event, 'instead', c.document #>> '{instead,document}',
             'state', case when p.approved_at <= $2 then 'in_effect' else 'waits' end, 'approver', case when p.approved_at <= $2 then p.approver end,
             'correctionBillDue', nullif(c.correction_bill_due, false)), null::integer, null::timestamptz, null::timestamptz, c.recorded_at, c.author, c.reason
      from registry_correction c left join registry_correction_approval p using (correction_id)
     where (${isMeant}) and c.recorded_at <= $2 and c.at <= $3
       and not exists (select from registry_late_change l where l.correction_id = c.correction_id)`

/** What a correction of a meter's description put right, each as `was → is`. */
const described = [
  ['protocol', 'protocol'],
  ['communicationAddress', 'communication_address'],
  ['model', 'model'],
  ['registerDigits', 'register_digits'],
  ['registerDecimals', 'register_decimals'],
] as const
const otherwise = (column: string) =>
  `case when d.was_${column} <> d.${column} then d.was_${column} || ' → ' || d.${column} end`

/** Each is the one query of its question: $1 code, $2 known at, $3 true at. */
const queries = {
  usage_point: `
    with asked as (select usage_point_id from usage_point where code = $1)
    select 'installation' as aspect, jsonb_build_object('meter', m.code, 'line', l.code) as value, ${stamp}
      from installation_as_of($2, $3) t join asked using (usage_point_id) join meter m using (meter_id) join line l using (line_id)
    union all
    select 'multiplier', jsonb_build_object('ctRatio', t.ct_ratio, 'ptRatio', t.pt_ratio), ${stamp}
      from multiplier_as_of($2, $3) t join asked using (usage_point_id)
    union all
    select 'agreement', jsonb_build_object('account', a.code, 'tariff', t.tariff_code, 'ladderFrom', t.ladder_from,
             'usageClass', t.usage_class, 'contractCapacityKva', t.contract_capacity_kva), ${stamp}
      from agreement_as_of($2, $3) t join asked using (usage_point_id) join account a using (account_id)
    union all
    select 'relation', jsonb_build_object('kind', t.kind, 'parent', p.code, 'share', ${decimal('t.share_e6', 6)}, 'quantityKwh', ${decimal('t.quantity_e4', 4)}), ${stamp}
      from relation_as_of($2, $3) t join asked using (usage_point_id) join usage_point p on p.usage_point_id = t.parent_id
    union all
    select 'part', jsonb_build_object('kind', t.kind, 'child', c.code, 'share', ${decimal('t.share_e6', 6)}, 'quantityKwh', ${decimal('t.quantity_e4', 4)}), ${stamp}
      from relation_as_of($2, $3) t join asked on asked.usage_point_id = t.parent_id join usage_point c on c.usage_point_id = t.usage_point_id
    union all
    select 'flow', jsonb_build_object('direction', t.direction), ${stamp}
      from flow_as_of($2, $3) t join asked using (usage_point_id)
    union all
    select 'transformer', jsonb_build_object('transformer', t.transformer_code, 'ratedKva', t.rated_kva, 'noLoadLossKw', ${decimal('t.no_load_loss_kw_e4', 4)},
             'loadLossKw', ${decimal('t.load_loss_kw_e4', 4)}, 'meteringSide', t.metering_side), ${stamp}
      from transformer_as_of($2, $3) t join asked using (usage_point_id)
    union all
    select 'suspension', jsonb_build_object('document', t.document), ${stamp}
      from suspension_as_of($2, $3) t join asked using (usage_point_id)
    union all
    select 'reading_day', jsonb_build_object('readingDay', t.reading_day), ${stamp}
      from reading_day_as_of($2, $3) t join asked using (usage_point_id)
    union all
    select 'area_supply', jsonb_build_object('transformerArea', r.code), ${stamp}
      from area_supply_as_of($2, $3) t join asked using (usage_point_id) join transformer_area r using (transformer_area_id)
    union all
    select 'field_event', jsonb_build_object('meter', m.code, 'event', t.event, 'at', t.occurred_at, 'person', t.person, 'sealsFound', nullif(t.seals_found, '[]'),
             'sealsPlaced', nullif(t.seals_placed, '[]'), 'detail', t.detail), ${unstamped}
      from installation_as_of($2, $3) i join asked using (usage_point_id) join meter m using (meter_id) join field_event_as_of($2) t using (meter_id)
     where t.occurred_at <= $3
    union all ${correction(`c.usage_point_id in (select usage_point_id from asked)`)}
    order by aspect, effective_from, value`,
  account: `
    with asked as (select account_id from account where code = $1)
    select 'agreement' as aspect, jsonb_build_object('usagePoint', u.code, 'tariff', t.tariff_code, 'ladderFrom', t.ladder_from,
             'usageClass', t.usage_class, 'contractCapacityKva', t.contract_capacity_kva) as value, ${stamp}
      from agreement_as_of($2, $3) t join asked using (account_id) join usage_point u using (usage_point_id)
    union all
    select 'contact', jsonb_build_object('channel', t.channel, 'address', t.address, 'consentEvidence', t.consent_evidence, 'verified', t.verified), ${stamp}
      from contact_as_of($2, $3) t join asked using (account_id)
    union all
    select 'opening', jsonb_build_object('asOf', t.as_of, 'ladderEnergyKwh', ${decimal('t.ladder_energy_e4', 4)}), ${unstamped}
      from opening_state t join asked using (account_id) where t.recorded_at <= $2 and t.as_of <= $3
    union all ${correction(`c.account_id in (select account_id from asked)`)}
    order by aspect, effective_from, value`,
  meter: `
    with asked as (select meter_id from meter where code = $1)
    select 'installation' as aspect, jsonb_build_object('usagePoint', u.code, 'line', l.code, 'multiplier', x.ct_ratio::bigint * x.pt_ratio) as value, ${stamp}
      from installation_as_of($2, $3) t join asked using (meter_id) join usage_point u using (usage_point_id) join line l using (line_id)
      left join multiplier_as_of($2, $3) x on x.usage_point_id = t.usage_point_id
    union all
    select 'description', jsonb_strip_nulls(jsonb_build_object(${described.map(([field, column]) => `'${field}', ${otherwise(column)}`).join(', ')})),
           d.revision, null::timestamptz, null::timestamptz, d.recorded_at, c.author, c.reason
      from meter_description d join asked using (meter_id) join registry_correction c using (correction_id) where d.recorded_at <= $2
    union all
    select 'verification', jsonb_build_object('verifiedOn', t.verified_on, 'validUntil', t.valid_until, 'certificate', t.certificate),
           null::integer, null::timestamptz, null::timestamptz, t.recorded_at, t.actor_id, t.certificate
      from meter_verification t join asked using (meter_id) where t.recorded_at <= $2 and t.verified_on <= $3
    union all
    select 'field_event', jsonb_build_object('event', t.event, 'at', t.occurred_at, 'person', t.person, 'sealsFound', nullif(t.seals_found, '[]'),
             'sealsPlaced', nullif(t.seals_placed, '[]'), 'detail', t.detail), ${unstamped}
      from field_event_as_of($2) t join asked using (meter_id)
     where t.occurred_at <= $3
    union all ${correction(`c.meter_id in (select meter_id from asked) or c.usage_point_id in (select usage_point_id from installation_timeline join asked using (meter_id))`)}
    order by aspect, effective_from, value`,
} as const satisfies Readonly<Record<BelievedKind, string>>

/** What the registry believed of one object, each fact with who recorded it, when and why. */
export async function readBelief(
  client: Queryable,
  kind: BelievedKind,
  code: string,
  { knownAt, at }: Belief,
): Promise<readonly BelievedFact[]> {
  const rows = await client.query<{
    readonly aspect: string
    readonly value: Row
    readonly revision: number | null
    readonly effective_from: Instant | null
    readonly effective_to: Instant | null
    readonly recorded_at: Instant
    readonly actor_id: string
    readonly reason: string
  }>(queries[kind], [code, toTimestamptz(knownAt), toTimestamptz(at)])
  return rows.map((row) => ({
    aspect: row.aspect,
    value: row.value,
    revision: row.revision,
    from: row.effective_from,
    to: row.effective_to,
    recordedAt: row.recorded_at,
    actor: row.actor_id,
    reason: row.reason,
  }))
}

/** The zone of the organisation that has the object, of a meter where it hung last; null where nobody has it. */
export async function findTimeZone(client: Queryable, code: string): Promise<string | null> {
  const [row] = await client.query<{ readonly time_zone: string }>(
    `select o.time_zone
       from (select organisation_id, 1 as place, null::timestamptz as since from usage_point where code = $1
             union all select organisation_id, 2, null from account where code = $1
             union all select u.organisation_id, 3, i.effective_from
               from meter m join installation_timeline i using (meter_id) join usage_point u using (usage_point_id) where m.code = $1) found
       join organisation o using (organisation_id)
      order by found.place, found.since desc limit 1`,
    [code],
  )
  return row?.time_zone ?? null
}

/** Which objects have the code. */
export async function findKinds(client: Queryable, code: string): Promise<readonly BelievedKind[]> {
  const rows = await client.query<{ kind: BelievedKind }>(
    `select 'usage_point' as kind from usage_point where code = $1
     union all select 'account' from account where code = $1
     union all select 'meter' from meter where code = $1`,
    [code],
  )
  return rows.map(({ kind }) => kind)
}
