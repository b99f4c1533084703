import { minuteMs, secondMs } from '../../domain/time.js'

const firstDelayMs = secondMs
const longestDelayMs = 5 * minuteMs

/** Pause after the n-th failed attempt in a row to connect (n from 1): doubles from 1 s up to 5 min. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
}
