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
  /** The burst and what waits behind it. */
  let held = Buffer.alloc(0)
  /** Bytes since the last message or silence that opened no message, unless they are more than a message has. */
  let burstBytes = 0
  let isBurstTooLong = false
  let discarded = 0

  function takeAdus(lineIsSilent: boolean): RtuAdu[] {
    const adus: RtuAdu[] = []
    let burstAt = 0
    let at = burstBytes
    while (at < held.length) {
      const length = measureRtu(held, at, held.length, direction)
      if (length === needsMore && !lineIsSilent) break
      if (length > 0) {
        adus.push(rtuAduAt(held, at, length))
        at += length
        burstAt = at
        isBurstTooLong = false
        continue
      }
      discarded += 1
      at += 1
      isBurstTooLong ||= at - burstAt > maxRtuBytes
      if (isBurstTooLong) burstAt = at
    }
    held = held.subarray(burstAt)
    burstBytes = at - burstAt
    return adus
  }

  return {
    push(chunk) {
      held = Buffer.concat([held, chunk])
      return takeAdus(false)
    },
    timeout() {
      const adus = takeAdus(true)
      const burst = held
      const isOne = burst.length >= minRtuBytes && holdsCrc(burst, 0, burst.length)
      if (isOne) {
        discarded -= burst.length
        adus.push(rtuAduAt(burst, 0, burst.length))
      }
      held = Buffer.alloc(0)
      burstBytes = 0
      isBurstTooLong = false
      return adus
    },
    discardedBytes: () => discarded,
  }
}
