import type { Queryable } from '../database.js'

/** Something in the tables that does not belong to the bill beside which it stands, or a bill that rests on what the master data do not say. */
export interface SegmentStrayRow {
  readonly number: bigint
  /** Code; null where there is no bill. */
  readonly account: string | null
  readonly node: string
  readonly expected: string
  readonly found: string
}

const asKnown = (timeline: string, key: string) =>
  `t.revision = (select max(n.revision) from ${timeline} n where n.${key} = t.${key} and n.recorded_at <= known_at)`
const during = `t.effective_from < ends and coalesce(t.effective_to, 'infinity') > begins`

/**
 * Compares the bills of an issued segment with what stands beside them: each determinant with the bill and with the master data as known when
 * it was frozen (agreement and tariff, the meter at the point, its multiplier), receivables and entries with the bills that they are of.
 */
export async function segmentStrays(client: Queryable, segmentId: bigint): Promise<readonly SegmentStrayRow[]> {
  return client.query<SegmentStrayRow>(
    `with own as materialized (
       select i.first_number + b.ordinal as number, a.code as account, b.tariff_code as billed_tariff, b.period_start as billed_from, b.period_end as billed_to,
              s.recorded_at as known_at, d.*
         from bill b join segment_issue i using (segment_id) join run_segment g using (segment_id) join billing_run r using (run_id)
         join determinant_set s on s.set_id = r.set_id join determinant d on (d.set_id, d.account_id) = (r.set_id, b.account_id)
         left join account a on a.account_id = b.account_id
        where b.segment_id = $1),
     metered as materialized (
       select number, account, known_at, usage_point_id, m.*
         from own cross join lateral unnest(meter_ids, multipliers, start_reads, end_reads) m (meter_id, multiplier, begins, ends))
     select number, account, 'determinant.tariff' as node, billed_tariff as expected, tariff_code as found from own where tariff_code <> billed_tariff
      union all
     select number, account, 'determinant.period', format('%s to %s', billed_from, billed_to), format('%s to %s', period_start, period_end)
       from own where (period_start, period_end) <> (billed_from, billed_to)
      union all
     select number, account, 'determinant.agreement', 'an agreement on this point and tariff', format('point %s, %s', usage_point_id, tariff_code)
       from (select period_start as begins, period_end as ends, * from own) o
      where not exists (select from agreement_timeline t where t.account_id = o.account_id and t.usage_point_id = o.usage_point_id
                           and t.tariff_code = o.tariff_code and ${during} and ${asKnown('agreement_timeline', 'account_id')})
      union all
     select number, account, 'determinant.meter', 'a meter of the usage point', meter_id::text
       from metered where not exists (select from installation_timeline t where t.usage_point_id = metered.usage_point_id and t.meter_id = metered.meter_id
                           and ${during} and ${asKnown('installation_timeline', 'usage_point_id')})
      union all
     select number, account, 'determinant.multiplier', 'the transformers of the usage point', multiplier::text
       from metered where not exists (select from multiplier_timeline t where t.usage_point_id = metered.usage_point_id
                           and t.ct_ratio * t.pt_ratio = metered.multiplier and ${during} and ${asKnown('multiplier_timeline', 'usage_point_id')})
      union all
     select i.first_number + v.ordinal, null, 'receivable', 'a bill', 'none'
       from receivable v join segment_issue i using (segment_id)
      where v.segment_id = $1 and not exists (select from bill b where (b.segment_id, b.ordinal) = (v.segment_id, v.ordinal))
      union all
     select i.first_number + e.ordinal, null, 'entry', 'a bill', 'none'
       from journal_entry e join segment_issue i using (segment_id)
      where e.segment_id = $1 and not exists (select from bill b where (b.segment_id, b.ordinal) = (e.segment_id, e.ordinal))
      order by number, node`,
    [segmentId],
  )
}
