import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/**
 * How the curve that a bill rests on differs from the one that the account would be billed by now: it has only come to be one, it is one no
 * longer, or other days or other revisions of days are named. Energies may be the same.
 */
export type CurveDifference = 'taken_up' | 'given_up' | 'other_days'

/** An issued bill that rests on another set, in which the account's quantities were other ones. */
export interface BilledDifference {
  readonly account: string
  readonly timeZone: string
  readonly billNumber: bigint
  readonly billedSet: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly billedE4: bigint
  /** As frozen now; null where the account is held, or is not in the set at all. */
  readonly frozenE4: bigint | null
  readonly holdCode: string | null
  /** Whether the set does not have the account any more: nothing is due from it for the period. */
  readonly isGone: boolean
  /** Whether registers by time of use are others, too. */
  readonly isTouOther: boolean
  /** Whether tariff, ladder or period are others. */
  readonly areTermsOther: boolean
  /** Null where no curve matters, or the same one does. */
  readonly curve: CurveDifference | null
  /** Further quantities that are others: demand, reactive energy, losses, relations. */
  readonly otherQuantities: readonly string[]
}

/**
 * Bills of the period of a set whose determinants are not those of the set, by account and time. Set-wise; nothing is changed.
 * `accountId`: only bills of this account. `curveTariffs`: codes of the tariffs that ask when energy was used; the interval days of other accounts matter where they stand in for registers.
 */
export function findBilledDifferences(
  client: Queryable,
  setId: bigint,
  curveTariffs: readonly string[],
  accountId: bigint | null = null,
): Promise<readonly BilledDifference[]> {
  return client.query<BilledDifference>(
    `with recursive tree as (
       select organisation_id from determinant_set where set_id = $1
       union all
       select o.organisation_id from organisation o join tree on o.parent_id = tree.organisation_id),
     billed as materialized (
       select b.* from determinant_set s join issued_bill b on b.period_start >= s.period_start and b.period_end <= s.period_end
        where s.set_id = $1 and b.set_id <> $1 and ($3::bigint is null or b.account_id = $3)),
     was as (
       select b.account_id, ${quantityColumns} from billed b join determinant_quantity q on (q.set_id, q.account_id) = (b.set_id, b.account_id)
        where ${isFurther}),
     is_now as (
       select q.account_id, ${quantityColumns} from determinant_quantity q
        where q.set_id = $1 and ${isFurther} and q.account_id in (select account_id from billed)),
     other_quantity as (
       select account_id, array_agg(distinct quantity order by quantity) as quantities
         from ((select * from was except select * from is_now) union (select * from is_now except select * from was)) either
        group by account_id),
     curve_was as (${curveIn('b.set_id')}),
     curve_now as (${curveIn('$1')}),
     other_curve as (
       select bill_number, case when w.meter_ids is null then 'taken_up' when i.meter_ids is null then 'given_up' else 'other_days' end as curve
         from curve_was w full join curve_now i using (bill_number)
        where (${days('w')}) is distinct from (${days('i')}))
     select a.code as account, g.time_zone as "timeZone", b.bill_number as "billNumber", b.set_id as "billedSet", b.period_start as "periodStart", b.period_end as "periodEnd",
            b.energy_e4 as "billedE4", n.energy_e4 as "frozenE4", h.code as "holdCode", n.account_id is null and h.account_id is null as "isGone",
            n.account_id is not null and (o.tou1_e4, o.tou2_e4, o.tou3_e4, o.tou4_e4) is distinct from (n.tou1_e4, n.tou2_e4, n.tou3_e4, n.tou4_e4) as "isTouOther",
            n.account_id is not null and (${terms('o')}) is distinct from (${terms('n')}) as "areTermsOther",
            case when n.account_id is not null then c.curve end as curve,
            case when n.account_id is null then '{}' else coalesce(x.quantities, '{}') end as "otherQuantities"
       from billed b
       join account a using (account_id)
       join organisation g using (organisation_id)
       join determinant o on (o.set_id, o.account_id) = (b.set_id, b.account_id)
       left join determinant n on (n.set_id, n.account_id) = ($1, b.account_id)
       left join determinant_hold h on (h.set_id, h.account_id) = ($1, b.account_id)
       left join other_quantity x on x.account_id = b.account_id
       left join other_curve c on c.bill_number = b.bill_number
      where (n.account_id is not null or h.account_id is not null or a.organisation_id in (select organisation_id from tree))
        and ((o.energy_e4, o.tou1_e4, o.tou2_e4, o.tou3_e4, o.tou4_e4) is distinct from (n.energy_e4, n.tou1_e4, n.tou2_e4, n.tou3_e4, n.tou4_e4)
             or (${terms('o')}) is distinct from (${terms('n')}) or x.account_id is not null or c.bill_number is not null)
      order by a.code, b.period_start`,
    [setId, curveTariffs, accountId],
  )
}

/** A tariff of accounts with interval days, and the local days [from, to) in question. */
export interface TariffOfDays {
  readonly code: string
  readonly from: LocalDate
  readonly to: LocalDate
}

/** Tariffs under which accounts had interval days in a set or in others of its time. */
export function tariffsOfDays(client: Queryable, setId: bigint): Promise<readonly TariffOfDays[]> {
  return client.query<TariffOfDays>(
    `select distinct d.tariff_code as code, (s.period_start at time zone g.time_zone)::date as "from", (s.period_end at time zone g.time_zone)::date as "to"
       from determinant_set s
       join organisation g using (organisation_id)
       join determinant_set e on e.period_start < s.period_end and e.period_end > s.period_start
       join determinant_quantity q on q.set_id = e.set_id and q.quantity = 'interval_days'
       join determinant d on (d.set_id, d.account_id) = (q.set_id, q.account_id)
      where s.set_id = $1
      order by 1`,
    [setId],
  )
}

const terms = (set: string): string =>
  `${set}.tariff_code, ${set}.ladder_from, ${set}.settlement_kind, ${set}.period_start, ${set}.period_end`
/** The account's own energy is compared by register; of some accounts alone it is stored as a quantity, too. Days are compared where a bill rests on them. */
const isFurther = `q.quantity not in ('active_energy', 'interval_days')`
const quantityColumns =
  'q.quantity, q.other_point_id, q.unit, q.total_e4, q.tou1_e4, q.tou2_e4, q.tou3_e4, q.tou4_e4, q.moment, q.missing'
const days = (one: string): string =>
  `${one}.meter_ids, ${one}.multipliers, ${one}.start_reads, ${one}.start_revisions, ${one}.missing`
/** The interval days that an account with a bill is rated by in a set: those its tariff asks for, and those in place of registers. */
const curveIn = (set: string): string =>
  `select b.bill_number, ${days('q')} from billed b
     join determinant d on (d.set_id, d.account_id) = (${set}, b.account_id)
     join determinant_quantity q on (q.set_id, q.account_id) = (${set}, b.account_id) and q.quantity = 'interval_days'
    where q.instead_of is not null or d.tariff_code = any($2)`
