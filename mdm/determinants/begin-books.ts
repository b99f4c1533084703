import { groupBy } from '../../domain/group-by.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type OpeningRow, readGoLives, readOpenings } from '../../storage/mdm/determinant-openings.js'
import { type FreezeQuery, readSegments, type SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { Period } from './determinant.js'
import type { Hold } from './hold.js'
import { type AccountOpening, toOpening, withOpening } from './opening.js'

/** An account's segments as far as they are ours to bill, and what the first of them begins with. */
export interface BegunAccount {
  readonly accountId: bigint
  readonly rows: readonly SegmentRow[]
  /** Null after the first period, and where the old books leave nothing. */
  readonly opening: AccountOpening | null
  readonly hold: Hold | null
}

/** Segments of accounts from their go-live on, with the last billed registers where they begin there. */
export async function beginBooks(
  client: Queryable,
  query: FreezeQuery,
  accounts: readonly bigint[],
): Promise<readonly BegunAccount[]> {
  const goLives = await readGoLives(client, query, accounts)
  const openings = groupBy(await readOpenings(client, query, accounts), ({ accountId }) => accountId)
  const segments = await readSegments(client, query, accounts, goLives)
  return [...groupBy(segments, ({ accountId }) => accountId)].map(([accountId, rows]) => {
    const begun = begin(rows, query, { goLive: goLives.get(accountId), items: openings.get(accountId) ?? [] })
    return begun.ok ? { accountId, ...begun.value, hold: null } : { accountId, rows, opening: null, hold: begun.error }
  })
}

function begin(
  rows: readonly SegmentRow[],
  period: Period,
  { goLive, items }: { readonly goLive: Instant | undefined; readonly items: readonly OpeningRow[] },
): Result<Pick<BegunAccount, 'rows' | 'opening'>, Hold> {
  if (goLive !== undefined && goLive >= period.periodEnd) {
    const detail = `the old books bill this account until ${new Date(goLive).toISOString()}`
    return err({ kind: 'before_go_live', detail })
  }
  const begins = Math.max(period.periodStart, present(rows[0], 'a segment of the account').agreementFrom)
  if (!items.some(({ asOf }) => asOf >= begins)) return ok({ rows, opening: null })
  const opening = toOpening(items)
  if (!opening.ok) return opening
  const opened = withOpening(rows, opening.value)
  return opened.ok ? ok({ rows: opened.value, opening: opening.value }) : opened
}
