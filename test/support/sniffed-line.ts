import { Duplex } from 'node:stream'
import type { Clock, Random } from '../../domain/runtime.js'
import { createFrameSplitter } from '../../protocols/dlt645/frame-splitter.js'
import { isReading, type Message, parseMessage } from '../../protocols/dlt645/message.js'
import { createLineBus } from '../../simulators/line-bus.js'
import type { Dlt645Meter } from '../../simulators/meter/dlt645-meter.js'

/** A frame that the master put on the wires. */
export interface SniffedFrame {
  readonly at: number
  readonly message: Message
  readonly bytes: Buffer
}

/** A simulated line with somebody else listening, who writes down every frame of the master. */
export interface SniffedLine {
  readonly connect: () => Promise<Duplex>
  /** Frames that change a meter, as they were heard. */
  readonly writes: () => readonly SniffedFrame[]
  /** Whether the meters' answers get lost on the way. */
  deaf: boolean
}

export function createSniffedLine(
  runtime: { readonly clock: Clock; readonly random: Random },
  meters: readonly Dlt645Meter[],
): SniffedLine {
  const { clock } = runtime
  const splitter = createFrameSplitter()
  const writes: SniffedFrame[] = []
  let stream: Duplex | null = null
  const bus = createLineBus(
    {
      name: 'sniffed',
      baud: null,
      damagedPermille: 0,
      meters: meters.map((meter) => ({ meter, from: Number.NEGATIVE_INFINITY, to: null })),
    },
    runtime,
    (chunk) => {
      if (!line.deaf) stream?.push(chunk)
    },
  )

  function sniff(chunk: Buffer): void {
    for (const { frame, bytes } of splitter.push(chunk)) {
      const message = parseMessage(frame, '2007')
      if (message === null || !isReading(message.function))
        writes.push({ at: clock.now(), message: known(message), bytes })
    }
  }

  const line: SniffedLine = {
    deaf: false,
    writes: () => writes,
    async connect() {
      stream = new Duplex({
        read: () => undefined,
        write(chunk: Buffer, _encoding, done) {
          sniff(chunk)
          bus.transmit(chunk)
          done()
        },
      })
      return stream
    },
  }
  return line
}

function known(message: Message | null): Message {
  if (message === null) throw new Error('the master said something that no edition knows')
  return message
}
