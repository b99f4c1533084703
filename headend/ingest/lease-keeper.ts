import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type LineLease, renewLineLease, takeLineLease } from '../../storage/headend/line-lease.js'
import { releaseLineLease } from '../../storage/headend/line-lease-release.js'

/** The lines that this node owns. */
export interface LeaseKeeper {
  /** The lease, ours at least until then; null while another node holds the line. */
  readonly acquire: (lineId: LineId, until: Instant) => Promise<LineLease | null>
  /** Gives a line back, so that another node need not wait for the lease to run out. */
  readonly release: (lineId: LineId) => Promise<void>
}

/** `owner` names the node. A lease goes on under its fencing token as long as this process renews it in time. */
export function createLeaseKeeper(database: Database, clock: Clock, owner: string): LeaseKeeper {
  const leases = new Map<LineId, Promise<LineLease | null>>()

  async function renewOrTake(lineId: LineId, held: LineLease | null, until: Instant): Promise<LineLease | null> {
    if (held !== null && (await renewLineLease(database, held, until))) return held
    return takeLineLease(database, { lineId, owner, now: clock.now(), expiresAt: until })
  }

  return {
    // One after the other for each line: taking it twice at once would fence ourselves off.
    acquire(lineId, until) {
      const before = (leases.get(lineId) ?? Promise.resolve(null)).catch(() => null)
      const lease = before.then((held) => renewOrTake(lineId, held, until))
      leases.set(lineId, lease)
      return lease
    },
    async release(lineId) {
      const held = await (leases.get(lineId) ?? Promise.resolve(null)).catch(() => null)
      leases.delete(lineId)
      if (held !== null) await releaseLineLease(database, held, clock.now())
    },
  }
}
