import type { Clock, Timer } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'

export interface HoldTiming {
  /** A node that says nothing for this long is taken for dead. */
  readonly holdMs: number
  readonly heartbeatMs: number
  /** No read begins so long before a lease ends: one with several exchanges takes its time, and clocks of two machines differ. */
  readonly safetyMs: number
}

export const usualHoldTiming: HoldTiming = {
  holdMs: 30 * secondMs,
  heartbeatMs: 10 * secondMs,
  safetyMs: 12 * secondMs,
}

/** The right to talk on a line, kept alive by heartbeats until it is given back. */
export interface LineHold {
  readonly lease: LineLease
  /** False when the line may be another node's by now: not one more byte goes out. */
  readonly isSafe: () => boolean
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
  let until = clock.now() + holdMs
  const lease = await leases.acquire(lineId, until)
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
    const next = clock.now() + holdMs
    try {
      const renewed = await leases.acquire(lineId, next)
      // Another token means that it was lost in between, and with it the right to go on under the old one.
      const isKept = renewed?.fencingToken === fencingToken && (await beat(next))
      if (isKept) until = next
      else lose()
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
    isSafe: () => !lost && clock.now() < until - safetyMs,
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
