// The product's own line sessions, polling without pause: node build/bench/line/read-lines.js PORT LINES WARM_UP_SECONDS SECONDS
// Prints what was achieved as one JSON document.
import { readFileSync } from 'node:fs'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { invariant } from '../../domain/result.js'
import { openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import { decodeItem } from '../../protocols/dlt645/data-items.js'
import { airtimeMs, baud, metersPerLine, requestTo, turnaroundMs, wakeUpBytes } from './exchange.js'

const [portText = '', linesText = '1', warmUpText = '5', secondsText = '120'] = process.argv.slice(2)
const lineCount = Number(linesText)
const endpoint = { host: '127.0.0.1', port: Number(portText) }
const settings = { baud, wakeUpBytes, replyTimeoutMs: 1000, requestGapMs: 0 }
const connectDeadlineMs = 30_000

const clock = createRealClock()
const network = createRealNetwork()
const startedAt = performance.now()
const countFromMs = startedAt + Number(warmUpText) * 1000
const untilMs = countFromMs + Number(secondsText) * 1000
const cpuBefore = process.cpuUsage()

const lines = await Promise.all(Array.from({ length: lineCount }, (_, index) => pollLine(index)))
const sum = (of: (line: Polled) => number) => lines.reduce((total, line) => total + of(line), 0)
const cpu = process.cpuUsage(cpuBefore)
const report = {
  lines: lineCount,
  exchanges: sum((line) => line.exchanges),
  failed: sum((line) => line.failed),
  bytesOut: sum((line) => line.bytesOut),
  bytesIn: sum((line) => line.bytesIn),
  /** Of all lines together. */
  elapsedMs: sum((line) => line.elapsedMs),
  theoryMs: sum((line) => line.theoryMs),
  worstLine: Math.min(...lines.map((line) => line.theoryMs / line.elapsedMs)),
  busyShareOfCore: (cpu.user + cpu.system) / 1000 / (performance.now() - startedAt),
  peakRssMiB: Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0') / 1024),
}
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exit(0)

interface Polled {
  readonly exchanges: number
  readonly failed: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly elapsedMs: number
  /** What the bytes of the answered exchanges and their turnarounds take at the line's rate. */
  readonly theoryMs: number
}

async function pollLine(index: number): Promise<Polled> {
  const line = openDlt645Line({ clock, connect: () => network.connect(endpoint), settings })
  invariant(await line.ready(clock.now() + connectDeadlineMs), `line ${index} is there`)
  let before = line.counters()
  let beganAt: number | null = null
  let exchanges = 0
  for (let nth = 0; ; nth += 1) {
    const now = performance.now()
    if (beganAt === null && now >= countFromMs) {
      beganAt = now
      before = line.counters()
      exchanges = 0
    }
    if (beganAt !== null && now >= untilMs) {
      const { requests, bytesOut, bytesIn, answeredBytes } = line.counters()
      line.close()
      return {
        exchanges,
        failed: requests - before.requests - exchanges,
        bytesOut: bytesOut - before.bytesOut,
        bytesIn: bytesIn - before.bytesIn,
        elapsedMs: now - beganAt,
        theoryMs: airtimeMs(answeredBytes - before.answeredBytes) + exchanges * turnaroundMs,
      }
    }
    const meter = (index + nth) % metersPerLine
    const { outcome } = await line.exchange(requestTo(meter))
    // Counts as time without a frame.
    if (outcome.kind !== 'data') continue
    const value = decodeItem('forward_active_total', outcome.payload)
    invariant(value.ok && value.value.totalE4 === BigInt(meter) * 123_400n, 'the value is the meter’s own')
    exchanges += 1
  }
}
