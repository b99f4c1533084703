import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/** An issued bill that rests on another set, in which the account's quantities were other ones. */
export interface BilledDifference {
  readonly account: string
  readonly timeZone: string
  readonly billNumber: bigint
  readonly billedSet: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly billedE4: bigint
  /** As frozen now; null where the account is held. */
  readonly frozenE4: bigint | null
  readonly holdCode: string | null
  /** Whether registers by time of use are others, too. */
  readonly isTouOther: boolean
  /** Whether tariff, ladder or period are others. */
  readonly areTermsOther: boolean
  /** Further quantities that are others: demand, reactive energy, losses, relations. */
  readonly otherQuantities: readonly string[]
}

/** Bills of the period of a set whose determinants are not those of the set, by account and time. Set-wise; nothing is changed. */
export function findBilledDifferences(client: Queryable, setId: bigint): Promise<readonly BilledDifference[]> {
  return client.query<BilledDifference>(
    `with billed as materialized (
       select b.* from determinant_set s join issued_bill b on b.period_start >= s.period_start and b.period_end <= s.period_end
        where s.set_id = $1 and b.set_id <> $1),
     was as (
       select b.account_id, ${quantityColumns} from billed b join determinant_quantity q on (q.set_id, q.account_id) = (b.set_id, b.account_id)
        where ${isFurther}),
     is_now as (
       select q.account_id, ${quantityColumns} from determinant_quantity q
        where q.set_id = $1 and ${isFurther} and q.account_id in (select account_id from billed)),
     other_quantity as (
       select account_id, array_agg(distinct quantity order by quantity) as quantities
         from ((select * from was except select * from is_now) union (select * from is_now except select * from was)) either
        group by account_id)
     select a.code as account, g.time_zone as "timeZone", b.bill_number as "billNumber", b.set_id as "billedSet", b.period_start as "periodStart", b.period_end as "periodEnd",
            b.energy_e4 as "billedE4", n.energy_e4 as "frozenE4", h.code as "holdCode",
            n.account_id is not null and (o.tou1_e4, o.tou2_e4, o.tou3_e4, o.tou4_e4) is distinct from (n.tou1_e4, n.tou2_e4, n.tou3_e4, n.tou4_e4) as "isTouOther",
            n.account_id is not null and (${terms('o')}) is distinct from (${terms('n')}) as "areTermsOther",
            case when n.account_id is null then '{}' else coalesce(x.quantities, '{}') end as "otherQuantities"
       from billed b
       join account a using (account_id)
       join organisation g using (organisation_id)
       join determinant o on (o.set_id, o.account_id) = (b.set_id, b.account_id)
       left join determinant n on (n.set_id, n.account_id) = ($1, b.account_id)
       left join determinant_hold h on (h.set_id, h.account_id) = ($1, b.account_id)
       left join other_quantity x on x.account_id = b.account_id
      where (n.account_id is not null or h.account_id is not null)
        and ((o.energy_e4, o.tou1_e4, o.tou2_e4, o.tou3_e4, o.tou4_e4) is distinct from (n.energy_e4, n.tou1_e4, n.tou2_e4, n.tou3_e4, n.tou4_e4)
             or (${terms('o')}) is distinct from (${terms('n')}) or x.account_id is not null)
      order by a.code, b.period_start`,
    [setId],
  )
}

const terms = (set: string): string =>
  `${set}.tariff_code, ${set}.ladder_from, ${set}.settlement_kind, ${set}.period_start, ${set}.period_end`
/** The account's own energy is compared by register; of some accounts alone it is stored as a quantity, too. */
const isFurther = `q.quantity <> 'active_energy'`
const quantityColumns =
  'q.quantity, q.other_point_id, q.unit, q.total_e4, q.tou1_e4, q.tou2_e4, q.tou3_e4, q.tou4_e4, q.moment, q.missing'
