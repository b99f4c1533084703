import type { Clock, Network } from '../../domain/runtime.js'
import type { Dlt645LineSettings } from '../../domain/registry-document.js'
import type { Instant } from '../../domain/time.js'
import type { LineReader } from '../acquisition/line-reader.js'
import { readFreeze } from '../acquisition/read-freeze.js'
import { openDlt645Line } from '../sessions/dlt645-line.js'

export interface Dlt645ReaderOptions {
  readonly clock: Clock
  readonly network: Network
  readonly settings: Dlt645LineSettings
  /** The midnight that opens the window: index 1 of a meter whose clock is right. */
  readonly newestMidnight: Instant
}

/** Reads daily freezes from the meters of an RS-485 bus behind a raw TCP serial server. */
export function createDlt645Reader({ clock, network, settings, newestMidnight }: Dlt645ReaderOptions): LineReader {
  const line = openDlt645Line({ clock, connect: () => network.connect(settings), settings })
  return {
    ready: (deadline) => line.ready(deadline),
    read: (due) => readFreeze(line, due, newestMidnight),
    counters: () => line.counters(),
    close: () => line.close(),
  }
}
