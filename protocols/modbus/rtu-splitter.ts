import { needsMore } from '../framing.js'
import { type Direction, holdsCrc, maxRtuBytes, measureRtu, minRtuBytes, type RtuAdu, rtuAduAt } from './rtu-adu.js'

/** Cuts the bytes of a serial line into messages of one direction. Holds fewer bytes than two messages, whatever arrives. */
export interface RtuSplitter {
  /** Messages completed by these bytes. */
  readonly push: (chunk: Uint8Array) => readonly RtuAdu[]
  /**
   * The line has been silent: what still waits is no message, but a sound one may stand inside it, and a burst that ends with
   * its own CRC is a message of a function whose length we do not know. Afterwards nothing waits.
   */
  readonly timeout: () => readonly RtuAdu[]
  /** Bytes that belonged to no message. */
  readonly discardedBytes: () => number
}

/** A byte that opens no message costs one byte, never the buffer: a good message may begin anywhere behind a broken one. */
export function createRtuSplitter(direction: Direction): RtuSplitter {
  let pending = Buffer.alloc(0)
  /** All bytes since the last message or silence; longer than a message is no message. */
  let burst = Buffer.alloc(0)
  let discarded = 0

  function takeAdus(lineIsSilent: boolean): RtuAdu[] {
    const adus: RtuAdu[] = []
    while (pending.length > 0) {
      const length = measureRtu(pending, 0, pending.length, direction)
      if (length === needsMore && !lineIsSilent) break
      if (length > 0) {
        adus.push(rtuAduAt(pending, 0, length))
        pending = pending.subarray(length)
        burst = Buffer.alloc(0)
        continue
      }
      discarded += 1
      burst = burst.length > maxRtuBytes ? burst : Buffer.concat([burst, pending.subarray(0, 1)])
      pending = pending.subarray(1)
    }
    return adus
  }

  return {
    push(chunk) {
      pending = Buffer.concat([pending, chunk])
      return takeAdus(false)
    },
    timeout() {
      const adus = takeAdus(true)
      const isOne = burst.length >= minRtuBytes && burst.length <= maxRtuBytes && holdsCrc(burst, 0, burst.length)
      if (isOne) {
        discarded -= burst.length
        adus.push(rtuAduAt(burst, 0, burst.length))
      }
      burst = Buffer.alloc(0)
      return adus
    },
    discardedBytes: () => discarded,
  }
}
