import { invariant } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'

/** Takes a day: `valuesAt` is where its energies (little-endian int32, e4) begin in the bytes. */
export type TakeDay = (
  meter: number,
  dayStart: Instant,
  revision: number,
  slotMinutes: number,
  valuesAt: number,
  slots: number,
) => void

/** PostgreSQL counts microseconds from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
const headerBytes = 19
const fieldCount = 5
/** Bytes of a row beside its energies. */
export const intervalDayRowBytes = 44
const word = 2 ** 32

/** Walks over what `readIntervalDays` read; its fields have known places, so nothing is looked up. */
export function eachIntervalDay(bytes: Uint8Array, take: TakeDay): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = (at: number) => view.getInt32(at) * word + view.getUint32(at + 4)
  let at = headerBytes
  while (view.getInt16(at) !== -1) {
    invariant(view.getInt16(at) === fieldCount, `a row has ${fieldCount} columns`)
    const size = view.getInt32(at + 40)
    take(
      whole(at + 6),
      epochMs + whole(at + 18) / 1000,
      view.getInt32(at + 30),
      view.getInt16(at + 38),
      at + 44,
      size / 4,
    )
    at += intervalDayRowBytes + size
  }
  invariant(at + 2 === view.byteLength, 'a binary COPY ends with its trailer')
}
