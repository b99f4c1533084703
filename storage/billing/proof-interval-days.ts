import { groupBy } from '../../domain/group-by.js'
import { curves, quantities } from '../../domain/quantities.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FoundDays, ProofClient } from './proof-client.js'
import type { DayFrameRow, ProofDayRow } from './proof-rows.js'

export type { DayFrameRow, ProofDayRow } from './proof-rows.js'

/** The days that an account was billed by, in the order in which the freeze names them, with the messages that brought their points. */
export async function findProofDays(
  client: ProofClient,
  { setId, accountId, knownAt }: { readonly setId: bigint; readonly accountId: bigint; readonly knownAt: Instant },
): Promise<FoundDays> {
  const known = client.ahead?.days.get(accountId)
  return known ?? (await findDaysOfMany(client, { setId, accountIds: [accountId], knownAt })).get(accountId) ?? none
}

const none: FoundDays = { days: [], frames: [] }

/** The same of many accounts. */
export async function findDaysOfMany(
  client: Queryable,
  {
    setId,
    accountIds,
    knownAt,
  }: { readonly setId: bigint; readonly accountIds: readonly bigint[]; readonly knownAt: Instant },
): Promise<ReadonlyMap<bigint, FoundDays>> {
  if (accountIds.length === 0) return new Map()
  const days = await client.query<ProofDayRow & { readonly account_id: bigint }>(
    `select q.account_id, q.instead_of, m.meter_id, m.code as meter, l.multiplier, v.day_start, v.day_start + v.slot_count * v.slot_minutes * interval '1 minute' as day_end,
            v.revision, v.service_date, v.slot_minutes, v.values_e4, v.qualities, v.start_e4, v.end_e4, v.difference_e4, v.verdict, v.rules,
            v.reason, v.fills, v.content_digest
       from determinant_quantity q
      cross join lateral unnest(q.meter_ids, q.multipliers, q.start_reads, q.end_reads, q.start_revisions)
            with ordinality l (meter_id, multiplier, days_from, days_to, revision, place)
       join interval_day v on (v.meter_id, v.channel, v.revision) = (l.meter_id, $3, l.revision)
                          and v.day_start >= l.days_from and v.day_start < l.days_to
       join meter m on m.meter_id = l.meter_id
      where q.set_id = $1 and q.account_id = any($2::bigint[]) and q.quantity = 'interval_days'
      order by q.account_id, l.place, v.day_start`,
    [setId, accountIds, quantities.forward_active_energy.code],
  )
  const frames = groupBy(await findDayFrames(client, days, knownAt), ({ day }) => days[day]?.account_id ?? 0n)
  const firstOf = new Map<bigint, number>()
  for (const [place, { account_id }] of days.entries()) if (!firstOf.has(account_id)) firstOf.set(account_id, place)
  const ofAccount = groupBy(days, ({ account_id }) => account_id)
  return new Map(
    accountIds.map((accountId) => {
      const first = firstOf.get(accountId) ?? 0
      const own = (frames.get(accountId) ?? []).map((frame) => ({ ...frame, day: frame.day - first }))
      return [accountId, { days: ofAccount.get(accountId) ?? [], frames: own }]
    }),
  )
}

/** The frames of the points that end within each day, as far as they were known at an instant. */
async function findDayFrames(
  client: Queryable,
  days: readonly Pick<ProofDayRow, 'meter_id' | 'day_start' | 'day_end'>[],
  knownAt: Instant,
): Promise<readonly DayFrameRow[]> {
  return client.query<DayFrameRow>(
    `select (k.place - 1)::integer as day, l.code as line, f.line_sequence, f.received_at, f.protocol, sha256(f.response) as sha256,
            count(*)::integer as points
       from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) with ordinality k (meter_id, day_start, day_end, place)
       join interval_piece p on p.meter_id = k.meter_id and p.curve in (${curves.load_energy.code}, ${curves.hourly_energy.code})
            and p.slot_start >= k.day_start - interval '1 hour' and p.slot_start < k.day_end
            and p.slot_end > k.day_start and p.slot_end <= k.day_end and p.recorded_at <= $4
       join frame f on f.line_id = p.line_id and f.line_sequence = p.line_sequence and f.received_at = p.frame_received_at
       join line l on l.line_id = f.line_id
      group by k.place, l.code, f.line_id, f.line_sequence, f.received_at, f.protocol, f.response
      order by k.place, f.received_at, l.code, f.line_sequence`,
    [
      days.map(({ meter_id }) => meter_id),
      days.map(({ day_start }) => toTimestamptz(day_start)),
      days.map(({ day_end }) => toTimestamptz(day_end)),
      toTimestamptz(knownAt),
    ],
  )
}
