import type { Clock, Timer } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'
import type { TalkRight } from '../sessions/talk-right.js'

export interface HoldTiming {
  /** A node that says nothing for this long is taken for dead. */
  readonly holdMs: number
  readonly heartbeatMs: number
  /** Nothing is said so long before a lease ends: what was said last is answered by then, and the line is quiet. */
  readonly safetyMs: number
}

export const usualHoldTiming: HoldTiming = {
  holdMs: 30 * secondMs,
  heartbeatMs: 10 * secondMs,
  safetyMs: 12 * secondMs,
}

/** The right to talk on a line, kept alive by heartbeats until it is given back. */
export interface LineHold extends TalkRight {
  readonly lease: LineLease
  /** Aborted when the line was lost, or the node ends. */
  readonly signal: AbortSignal
  readonly wasLost: () => boolean
  readonly giveBack: () => Promise<void>
}

export interface HoldOptions {
  readonly clock: Clock
  readonly timing: HoldTiming
  readonly leases: LeaseKeeper
  readonly lineId: bigint
  /** The node ends. */
  readonly stopping: AbortSignal
  /** Something else that is kept alive with the line; false when it was lost. */
  readonly beat: (until: Instant) => Promise<boolean>
  readonly onTrouble: (error: unknown) => void
}

/** Null while another node holds the line. */
export async function holdLine({
  clock,
  timing: { holdMs, heartbeatMs, safetyMs },
  leases,
  lineId,
  stopping,
  beat,
  onTrouble,
}: HoldOptions): Promise<LineHold | null> {
  // Counted from before the server is asked, so that it ends here before it ends there, whatever either clock shows and however it is set meanwhile.
  let until = clock.elapsed() + holdMs
  const lease = await leases.acquire(lineId, holdMs)
  if (lease === null) return null
  const { fencingToken } = lease
  const controller = new AbortController()
  let lost = false
  let timer: Timer | null = null
  let beating: Promise<void> = Promise.resolve()
  const onStop = (): void => controller.abort()
  stopping.addEventListener('abort', onStop)
  if (stopping.aborted) onStop()

  async function keepAlive(): Promise<void> {
    if (lost) return
    const next = clock.elapsed() + holdMs
    const claimedUntil = clock.now() + holdMs
    try {
      const renewed = await leases.acquire(lineId, holdMs)
      // Another token means that it was lost in between, and with it the right to go on under the old one.
      const isKept = renewed?.fencingToken === fencingToken && (await beat(claimedUntil))
      if (!isKept) lose()
      else if (!lost) until = next
    } catch (error) {
      // The database is away. What is held stays ours until its end, and not a moment longer.
      onTrouble(error)
    }
  }

  function lose(): void {
    lost = true
    controller.abort()
  }

  function schedule(): void {
    timer = clock.setTimer(heartbeatMs, () => {
      beating = beatOnce()
    })
  }

  async function beatOnce(): Promise<void> {
    await keepAlive()
    if (timer !== null) schedule()
  }
  schedule()

  return {
    lease,
    isSafe() {
      // A hold that was over once is over: a heartbeat that comes late does not bring it back to whoever has stopped talking.
      if (!lost && clock.elapsed() >= until - safetyMs) lose()
      return !lost
    },
    signal: controller.signal,
    wasLost: () => lost,
    async giveBack() {
      timer?.cancel()
      timer = null
      stopping.removeEventListener('abort', onStop)
      await beating
      await leases.release(lineId).catch(onTrouble)
    },
  }
}
