// Serial servers whose bytes take their time, in a process of their own: node build/bench/line/serial-server.js CHUNK_BYTES
// Prints the port; on SIGTERM what it measured of itself, as one JSON document.
import { createServer, type Socket } from 'node:net'
import { invariant, present } from '../../domain/result.js'
import { createFrameSplitter } from '../../protocols/dlt645/frame-splitter.js'
import { addressOf, airtimeMs, metersPerLine, replyOf, turnaroundMs } from './exchange.js'

const [chunkText = '1'] = process.argv.slice(2)
/** Bytes after which the serial server sends on what it has heard. */
const chunkBytes = Number(chunkText)
/** So long before a byte is due the process stops sleeping: timers of the system are whole milliseconds. */
const watchfulMs = 5

interface Delivery {
  readonly dueAt: number
  readonly socket: Socket
  readonly bytes: Buffer
  /** Set on the last bytes of a reply: how long the exchange should have taken. */
  readonly exchangeMs: number | null
}

const replies = new Map(Array.from({ length: metersPerLine }, (_, meter) => [addressOf(meter), replyOf(meter)]))
const due: Delivery[] = []
const measured = { exchanges: 0, lateMs: 0, share: 0, worstMs: 0, bytesIn: 0, bytesOut: 0 }

process.stdin.resume().once('end', () => process.exit(1))

const server = createServer({ noDelay: true }, (socket) => {
  const splitter = createFrameSplitter()
  let freeAt = 0
  let askedBytes = 0
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    const now = performance.now()
    measured.bytesIn += chunk.length
    askedBytes += chunk.length
    freeAt = Math.max(now, freeAt) + airtimeMs(chunk.length)
    for (const { frame } of splitter.push(chunk)) {
      const reply = present(replies.get(frame.address), frame.address)
      const startsAt = freeAt + turnaroundMs
      const exchangeMs = airtimeMs(askedBytes + reply.length) + turnaroundMs
      askedBytes = 0
      for (let from = 0; from < reply.length; from += chunkBytes) {
        const to = Math.min(from + chunkBytes, reply.length)
        const isLast = to === reply.length
        enqueue({
          dueAt: startsAt + airtimeMs(to),
          socket,
          bytes: reply.subarray(from, to),
          exchangeMs: isLast ? exchangeMs : null,
        })
      }
      freeAt = startsAt + airtimeMs(reply.length)
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a TCP server has a port')
  process.stdout.write(`${address.port}\n`)
})
process.once('SIGTERM', () => {
  const { exchanges, lateMs, share, worstMs, bytesIn, bytesOut } = measured
  const report = { exchanges, bytesIn, bytesOut, meanLateMs: lateMs / exchanges, meanError: share / exchanges, worstMs }
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))
})

let isWatching = false

/** A binary heap by due time. */
function enqueue(delivery: Delivery): void {
  due.push(delivery)
  let at = due.length - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (present(due[parent], 'a parent').dueAt <= delivery.dueAt) break
    due[at] = present(due[parent], 'a parent')
    at = parent
  }
  due[at] = delivery
  if (!isWatching) watch()
}

function takeFirst(): Delivery {
  const first = present(due[0], 'a delivery')
  const last = present(due.pop(), 'a delivery')
  if (due.length === 0) return first
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= due.length) break
    const right = left + 1
    const isRightFirst =
      right < due.length && present(due[right], 'a child').dueAt < present(due[left], 'a child').dueAt
    const child = isRightFirst ? right : left
    if (present(due[child], 'a child').dueAt >= last.dueAt) break
    due[at] = present(due[child], 'a child')
    at = child
  }
  due[at] = last
  return first
}

/** Hands over what is due, then sleeps or spins until the next byte. */
function watch(): void {
  for (;;) {
    const next = due[0]
    isWatching = next !== undefined
    if (next === undefined) return
    const waitMs = next.dueAt - performance.now()
    if (waitMs > watchfulMs) return void setTimeout(watch, Math.floor(waitMs - watchfulMs))
    if (waitMs > 0) return void setImmediate(watch)
    deliver(takeFirst())
  }
}

function deliver({ dueAt, socket, bytes, exchangeMs }: Delivery): void {
  socket.write(bytes)
  measured.bytesOut += bytes.length
  if (exchangeMs === null) return
  const lateMs = performance.now() - dueAt
  measured.exchanges += 1
  measured.lateMs += lateMs
  measured.share += lateMs / exchangeMs
  measured.worstMs = Math.max(measured.worstMs, lateMs)
}
