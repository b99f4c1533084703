import type { Network } from '../../domain/runtime.js'
import { createFrameSplitter } from '../../protocols/dlt645/frame-splitter.js'

/** What somebody who listens at the lines hears: who is connected, and which meters are asked. */
export interface LineRecorder {
  /** A network for simulated lines; each call of `listen` is a line, in order. */
  readonly network: Network
  readonly lines: readonly RecordedLine[]
  /** Most connections over all lines at one moment. */
  readonly mostAtOnce: () => number
}

export interface RecordedLine {
  /** Most connections to this line at one moment. */
  mostAtOnce: number
  /** Connections so far. */
  connections: number
  /** Addresses of the requests, in order. */
  readonly asked: string[]
  /** For each of them, which connection it came over, from 1. */
  readonly askedOver: number[]
}

export function recordLines(real: Network): LineRecorder {
  const lines: RecordedLine[] = []
  let open = 0
  let most = 0
  return {
    lines,
    mostAtOnce: () => most,
    network: {
      ...real,
      listen(endpoint, accept) {
        const line: RecordedLine = { mostAtOnce: 0, connections: 0, asked: [], askedOver: [] }
        let here = 0
        lines.push(line)
        return real.listen(endpoint, (socket) => {
          line.connections += 1
          const over = line.connections
          here += 1
          open += 1
          line.mostAtOnce = Math.max(line.mostAtOnce, here)
          most = Math.max(most, open)
          socket.once('close', () => {
            here -= 1
            open -= 1
          })
          const splitter = createFrameSplitter()
          socket.on('data', (chunk: Buffer) => {
            for (const { frame } of splitter.push(chunk)) {
              line.asked.push(frame.address)
              line.askedOver.push(over)
            }
          })
          accept(socket)
        })
      },
    },
  }
}
