import { type Instant, minuteMs } from '../../domain/time.js'

/** How often a meter that said nothing is tried again between the passes of a window, as data of the plan. */
export interface ReprobePolicy {
  /** Pause after the first silence. */
  readonly firstMs: number
  /** Each pause is so much longer than the last, in percent. */
  readonly growthPercent: number
  readonly longestMs: number
  /** A meter that was silent through so many windows before is tried in the passes only. */
  readonly chronicAfterWindows: number
}

/** Whoever can be reached for ten minutes at a time is met, and a dead meter costs the line one reply time in eight minutes. */
export const usualReprobe: ReprobePolicy = {
  firstMs: 2 * minuteMs,
  growthPercent: 100,
  longestMs: 8 * minuteMs,
  chronicAfterWindows: 14,
}

/** When a meter is tried again that has been silent `silences` times in a row in this window; null when only the passes try it. */
export function nextProbeAt(
  policy: ReprobePolicy,
  silent: { readonly silences: number; readonly silentWindows: number; readonly now: Instant },
): Instant | null {
  if (silent.silentWindows >= policy.chronicAfterWindows) return null
  let pauseMs = policy.firstMs
  for (let nth = 1; nth < silent.silences && pauseMs < policy.longestMs; nth += 1) {
    pauseMs = Math.floor((pauseMs * (100 + policy.growthPercent)) / 100)
  }
  return silent.now + Math.min(pauseMs, policy.longestMs)
}

/** When meters are tried next that were silent at an instant and at each try since. */
export function nextProbeAfter(
  policy: ReprobePolicy,
  { silentAt, now }: { readonly silentAt: Instant; readonly now: Instant },
): Instant {
  let at = silentAt
  for (let silences = 1; at <= now; silences += 1) {
    at = nextProbeAt(policy, { silences, silentWindows: 0, now: at }) ?? Number.POSITIVE_INFINITY
  }
  return at
}
