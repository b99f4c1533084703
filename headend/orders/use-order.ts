import type { Instant, LocalDate } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { type LineLease, lockOwnedLine } from '../../storage/headend/line-lease.js'
import { insertOrderUse, type OrderUse } from '../../storage/headend/orders.js'
import { insertStandingUse } from '../../storage/headend/standing-orders.js'
import { type FreshUse, mintUse, type UseOf } from './fresh-use.js'

export type UseOutcome =
  | { readonly kind: 'used'; readonly use: FreshUse }
  | { readonly kind: 'already_used' }
  | { readonly kind: 'not_line_owner' }

export interface UseBy {
  readonly lease: LineLease
  readonly node: string
  readonly now: Instant
}

/** Writes down that an order is used, under the line's lease, and commits. Only then may its bytes leave. */
export function useOrder(database: Database, orderId: string, by: UseBy): Promise<UseOutcome> {
  const of = { kind: 'order', orderId, lineId: by.lease.lineId } as const
  return commit(database, by, of, (tx, use) => insertOrderUse(tx, orderId, use))
}

/** The same for the one broadcast of a line and local day. */
export function useStandingOrder(
  database: Database,
  standing: { readonly code: string; readonly version: number; readonly serviceDate: LocalDate },
  by: UseBy,
): Promise<UseOutcome> {
  const { code, version } = standing
  const of = { kind: 'standing', code, version, lineId: by.lease.lineId } as const
  return commit(database, by, of, (tx, use) => insertStandingUse(tx, { ...standing, ...use }))
}

async function commit(
  database: Database,
  { lease, node, now }: UseBy,
  of: UseOf,
  insert: (tx: Transaction, use: OrderUse) => Promise<boolean>,
): Promise<UseOutcome> {
  const kind = await database.transaction(async (tx) => {
    if (!(await lockOwnedLine(tx, lease))) return 'not_line_owner' as const
    const { lineId, fencingToken } = lease
    const isNew = await insert(tx, { lineId, node, fencingToken, usedAt: now })
    return isNew ? ('used' as const) : ('already_used' as const)
  })
  return kind === 'used' ? { kind, use: mintUse(of) } : { kind }
}
