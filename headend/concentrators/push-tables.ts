import { sameEntries } from '../../domain/meter-tables.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  approveTablePush,
  exchangesBehindConcentrators,
  insertTableDelivery,
  openTablePush,
  type RecordedExchange,
  type TablePush,
} from '../../storage/headend/concentrator-tables.js'
import { encodeMeterTable } from '../../protocols/concentrator/meter-table.js'
import { loadTableViews, openPushOf, pushOf, type TableView } from './table-views.js'
import type { Uplink } from './uplink.js'

/** Who lets a table go out that an exchange in the registry asks for: the standing policy at once, or a person each time. */
export interface TablePolicy {
  readonly exchangesApprovedBy: 'standing_policy' | 'person'
}

export const usualTablePolicy: TablePolicy = { exchangesApprovedBy: 'person' }

export interface TablePushRuntime {
  readonly database: Database
  readonly clock: Clock
  readonly policy: TablePolicy
  /** Hands the table to the broker; false when it could not be handed over now. */
  readonly send: (uplink: Uplink, payload: Buffer) => Promise<boolean>
}

/** A table without an answer goes out again after this; the same version changes nothing. */
const sendAgainMs = 10 * minuteMs

/** Opens the pushes that exchanges ask for, and sends those that are approved and have no answer. @returns why the database refused some. */
export async function pushTables(runtime: TablePushRuntime, uplinks: readonly Uplink[]): Promise<readonly string[]> {
  const { database, clock } = runtime
  const takers = uplinks.filter(({ profile }) => profile.channels.table !== undefined)
  if (takers.length === 0) return []
  const refusals: string[] = []
  const openedAt = clock.now()
  const exchanges = await exchangesBehindConcentrators(database, openedAt)
  for (const view of await loadTableViews(database, takers, openedAt)) {
    const cause = exchanges.find((exchange) => asksForPush(view, exchange))
    if (cause === undefined) continue
    const refusal = await refusalOf(() => openForExchange(runtime, view, { ...cause, openedAt }))
    if (refusal !== null) refusals.push(`${view.uplink.line.code}: ${refusal}`)
  }
  for (const view of await loadTableViews(database, takers, clock.now())) {
    const push = openPushOf(view)
    if (push !== null) await sendIfDue(runtime, view.uplink, push)
  }
  return refusals
}

/** A refusal is about one concentrator: the others are tended all the same. */
async function refusalOf(act: () => Promise<void>): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (error instanceof UserError && error.code === 'refused') return error.message
    throw error
  }
}

/** Whether the concentrator still reads the old meter, or does not read the new one yet, and nobody has done anything about it. */
export function asksForPush(view: TableView, { lineId, oldAddress, newAddress }: RecordedExchange): boolean {
  if (lineId !== view.uplink.line.lineId || view.report === null || openPushOf(view) !== null) return false
  const last = view.pushes.at(-1)
  // What the device refused once, it refuses again.
  if (last?.outcome === 'table_too_long' && sameEntries(last.meters, view.desired)) return false
  return view.differences.some(
    ({ address, mismatch }) =>
      (address === newAddress && mismatch === 'missing_in_concentrator') ||
      (address === oldAddress && mismatch === 'unknown_to_registry'),
  )
}

/** Opened at the very instant of the view: the database works the table out again, as of then. Approved with it: nobody would do it later. */
async function openForExchange(
  { database, policy }: TablePushRuntime,
  view: TableView,
  { actor, openedAt }: RecordedExchange & { readonly openedAt: Instant },
): Promise<void> {
  const push = pushOf(view, { cause: 'meter_exchange', actor, openedAt })
  await database.transaction(async (tx) => {
    const opened = await openTablePush(tx, push)
    if (opened === 'created' && policy.exchangesApprovedBy === 'standing_policy')
      await approveTablePush(tx, { pushId: push.pushId, actor: null, approvedAt: openedAt })
  })
}

async function sendIfDue(
  { database, clock, send }: TablePushRuntime,
  uplink: Uplink,
  { pushId, version, meters, approvedAt, sentAt }: TablePush,
): Promise<void> {
  if (approvedAt === null || (sentAt !== null && clock.now() - sentAt < sendAgainMs)) return
  const payload = encodeMeterTable({ concentrator: uplink.device, version, meters })
  if (await send(uplink, payload)) await insertTableDelivery(database, pushId, clock.now())
}
