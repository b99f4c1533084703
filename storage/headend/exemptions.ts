import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** The due points of a meter over [fromAt, toAt) are to be excused. */
export interface Exemption {
  readonly exemptionId: string
  readonly meterId: MeterId
  readonly fromAt: Instant
  readonly toAt: Instant
  readonly reason: string
  /** What it rests on: a sheet, a letter. */
  readonly document: string
  readonly author: string
  readonly recordedAt: Instant
}

/** False when it is there already. */
export async function insertExemption(client: Queryable, exemption: Exemption): Promise<boolean> {
  const inserted = await client.execute(
    `insert into due_exemption (exemption_id, meter_id, from_at, to_at, reason, document, author, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      exemption.exemptionId,
      exemption.meterId,
      toTimestamptz(exemption.fromAt),
      toTimestamptz(exemption.toAt),
      exemption.reason,
      exemption.document,
      exemption.author,
      toTimestamptz(exemption.recordedAt),
    ],
  )
  return inserted === 1
}

/** False when it was granted before. The database refuses the author, processes, and who has no right to approve. */
export async function insertExemptionApproval(
  client: Queryable,
  {
    exemptionId,
    approver,
    recordedAt,
  }: { readonly exemptionId: string; readonly approver: string; readonly recordedAt: Instant },
): Promise<boolean> {
  const inserted = await client.execute(
    `insert into due_exemption_approval (exemption_id, approver, recorded_at) values ($1, $2, $3) on conflict do nothing`,
    [exemptionId, approver, toTimestamptz(recordedAt)],
  )
  return inserted === 1
}

export interface ListedExemption extends Exemption {
  readonly meterCode: string
  /** Null while nobody has granted it: until then it excuses nothing. */
  readonly approver: string | null
  readonly approvedAt: Instant | null
}

const listed = `
  select e.exemption_id as "exemptionId", e.meter_id as "meterId", m.code as "meterCode", e.from_at as "fromAt", e.to_at as "toAt",
         e.reason, e.document, e.author, e.recorded_at as "recordedAt", a.approver, a.recorded_at as "approvedAt"
    from due_exemption e join meter m using (meter_id) left join due_exemption_approval a using (exemption_id)`

export async function findExemption(client: Queryable, exemptionId: string): Promise<ListedExemption | null> {
  const [row] = await client.query<ListedExemption>(`${listed} where e.exemption_id = $1`, [exemptionId])
  return row ?? null
}

/** The newest first, at most `limit`; of one meter, or only those that wait, where asked for. */
export function listExemptions(
  client: Queryable,
  wish: { readonly meterCode: string | null; readonly waiting: boolean; readonly limit: number },
): Promise<readonly ListedExemption[]> {
  return client.query<ListedExemption>(
    `${listed} where ($1::text is null or m.code = $1) and (not $2 or a.approver is null)
      order by e.recorded_at desc, e.exemption_id limit $3`,
    [wish.meterCode, wish.waiting, wish.limit],
  )
}
