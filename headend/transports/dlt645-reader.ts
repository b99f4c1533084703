import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { Clock, Parity } from '../../domain/runtime.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import { isSameOrNext, readUntilCertain } from '../acquisition/certain-reading.js'
import type { LineReader, OpenRead, ReadOutcome } from '../acquisition/line-reader.js'
import { readFreeze } from '../acquisition/read-freeze.js'
import { readLive1997 } from '../acquisition/read-live-1997.js'
import { paddedWithAny } from '../../protocols/dlt645/address.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'

export interface Dlt645ReaderOptions {
  readonly clock: Clock
  readonly line: Dlt645Line
  /** How bytes are framed where a model does not say otherwise. */
  readonly parity: Parity
  /** The midnight that opens the window: index 1 of a meter whose clock is right. */
  readonly newestMidnight: Instant
  readonly quirksOf: (model: string) => MeterQuirks
}

/** Reads daily freezes from the meters of an RS-485 bus, and registers as they stand from those of the 1997 edition. */
export function createDlt645Reader(options: Dlt645ReaderOptions): LineReader {
  const { clock, line, newestMidnight, quirksOf } = options

  function read(due: OpenRead): Promise<ReadOutcome> {
    const quirks = quirksOf(due.model)
    const meterLine = line.withQuirks(quirks)
    const address = calledAddress(due.communicationAddress, quirks)
    const hasParity = (quirks.parity ?? options.parity) !== 'none'
    return quirks.edition === '1997'
      ? readUntilCertain(() => readLive1997(meterLine, due, address, { clock, newestMidnight }), {
          hasParity,
          agree: isSameOrNext,
        })
      : readUntilCertain(() => readFreeze(meterLine, due, address, newestMidnight), {
          hasParity,
          agree: sameRegisters,
        })
  }

  return {
    ready: (deadline) => line.ready(deadline),
    read,
    counters: () => line.counters(),
    close: () => line.close(),
  }
}

/** A meter's number as a request to it carries it. */
export function calledAddress(communicationAddress: string, { addressPadding }: MeterQuirks): string {
  return addressPadding === 'aa' ? paddedWithAny(communicationAddress) : communicationAddress
}
