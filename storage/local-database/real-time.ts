import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 5

/**
 * Polls until `probe` gives a value. Processes of the operating system live in real time, whatever clock the product runs on.
 * @returns null when `timeoutMs` of waiting passed without one.
 */
export async function pollUntil<T>(timeoutMs: number, probe: () => T | null): Promise<T | null> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const value = probe()
    if (value !== null || waitedMs >= timeoutMs) return value
    await delay(pollMs)
  }
}
