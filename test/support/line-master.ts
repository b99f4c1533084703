import type { Clock, Endpoint, Network } from '../../domain/runtime.js'
import { createFrameSplitter, type SplitFrame } from '../../protocols/dlt645/frame-splitter.js'
import { encodeReadRequest } from '../../protocols/dlt645/messages-2007.js'

/** A bare master for tests: one request, and the first frame that comes back within the time. */
export interface LineMaster {
  readonly read: (address: string, dataIdentifier: string, timeoutMs?: number) => Promise<SplitFrame | null>
  readonly write: (bytes: Buffer) => void
  readonly closed: Promise<number>
  readonly close: () => void
}

export async function connectLineMaster(clock: Clock, network: Network, endpoint: Endpoint): Promise<LineMaster> {
  const socket = await network.connect(endpoint)
  const splitter = createFrameSplitter()
  let hear: (frame: SplitFrame) => void = () => {}
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => splitter.push(chunk).forEach((split) => hear(split)))
  return {
    read(address, dataIdentifier, timeoutMs = 1500) {
      socket.write(encodeReadRequest(address, dataIdentifier, { wakeUpBytes: 4 }))
      return new Promise((resolve) => {
        const timer = clock.setTimer(timeoutMs, () => resolve(splitter.timeout()[0] ?? null))
        hear = (split) => {
          timer.cancel()
          resolve(split)
        }
      })
    },
    write: (bytes) => void socket.write(bytes),
    closed: new Promise((resolve) => socket.once('close', () => resolve(clock.now()))),
    close: () => void socket.destroy(),
  }
}
