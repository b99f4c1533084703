import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  type GivenLease,
  type LineLease,
  releaseLineLease,
  renewLineLease,
  takeLineLease,
} from '../../storage/headend/line-lease.js'

/** The lines that this node owns. */
export interface LeaseKeeper {
  /** The lease, ours for at least so long from the call on; null while another node holds the line. */
  readonly acquire: (lineId: LineId, holdMs: number) => Promise<LineLease | null>
  /** Gives a line back, so that another node need not wait for the lease to run out. */
  readonly release: (lineId: LineId) => Promise<void>
}

/** What the database server's clock showed between two moments of ours. */
export interface ServerTime {
  readonly askedAt: Instant
  readonly answeredAt: Instant
  readonly serverTime: Instant
}

export interface LeaseKeeperOptions {
  /** Names the node. */
  readonly owner: string
  /** Heard with each lease that is taken or renewed. */
  readonly onServerTime?: (heard: ServerTime) => void
}

/** A lease goes on under its fencing token as long as this process renews it in time. */
export function createLeaseKeeper(
  database: Database,
  clock: Pick<Clock, 'now'>,
  { owner, onServerTime }: LeaseKeeperOptions,
): LeaseKeeper {
  const leases = new Map<LineId, Promise<LineLease | null>>()

  async function renewOrTake(lineId: LineId, held: LineLease | null, holdMs: number): Promise<LineLease | null> {
    if (held !== null && (await timed(() => renewLineLease(database, held, holdMs))) !== null) return held
    return timed(() => takeLineLease(database, { lineId, owner, holdMs }))
  }

  async function timed(act: () => Promise<GivenLease | null>): Promise<LineLease | null> {
    const askedAt = clock.now()
    const given = await act()
    if (given === null) return null
    onServerTime?.({ askedAt, answeredAt: clock.now(), serverTime: given.serverTime })
    return given.lease
  }

  return {
    // One after the other for each line: taking it twice at once would fence ourselves off.
    acquire(lineId, holdMs) {
      const before = (leases.get(lineId) ?? Promise.resolve(null)).catch(() => null)
      const lease = before.then((held) => renewOrTake(lineId, held, holdMs))
      leases.set(lineId, lease)
      return lease
    },
    async release(lineId) {
      const held = await (leases.get(lineId) ?? Promise.resolve(null)).catch(() => null)
      leases.delete(lineId)
      if (held !== null) await releaseLineLease(database, held)
    },
  }
}
