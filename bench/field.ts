// A simulated field in a process of its own, asked from here: how fast and how punctually it answers while all its meters pass
// midnight, what it takes in memory, and whether a 2400 baud line keeps time.
// node build/bench/field.js [METERS [REQUESTS_PER_SECOND [SECONDS]]]
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Presets, SingleBar } from 'cli-progress'
import { invariant, present } from '../domain/result.js'
import { createSeededRandom } from '../domain/seeded-random.js'
import { decodeItem } from '../protocols/dlt645/data-items.js'
import { createFrameSplitter } from '../protocols/dlt645/frame-splitter.js'
import { encodeReadRequest, parseReply } from '../protocols/dlt645/messages-2007.js'
import { describeMeters } from '../simulators/field/field-meters.js'
import { repeated } from '../simulators/field/start-field.js'
import { parseUtilityFile, type UtilityFile } from '../simulators/field/utility-file.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, machineOf, result } from './bench-report.js'

const { meters, perSecond, seconds } = benchArguments('field').sizes

const baud = 9600
const metersPerLine = 200
const bitsPerByte = 11
const wakeUpBytes = 4
const firstChunkBytes = 16
const beforeMidnightMs = 15_000
/** Td of DL/T 645: the reply begins at most so long after the end of the request. */
const tdMs = 500
const midnight = '2026-07-02T00:00:00+08:00'
const mainPath = fileURLToPath(new URL('../console/main.js', import.meta.url))

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => removeBenchFolder(folder))
try {
  const field = await askField()
  const line = await timeLine()
  const report: BenchReport = { name: 'field', machine: machineOf('none'), results: [...field, ...line] }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  await remove()
}

async function askField() {
  process.stderr.write(`… ${meters} 块电表上线 meters are coming up\n`)
  const startAt = new Date(Date.parse(midnight) - beforeMidnightMs).toISOString()
  const { file, ports, child } = await startField(fieldYaml(startAt, Math.ceil(meters / metersPerLine)))
  try {
    const lines = await Promise.all(ports.map((port, index) => openLine(port, index)))
    const addresses = file.lines.flatMap(repeated).map((each) => describeMeters(each.meters, fieldSettings(file)))
    const bar = new SingleBar(
      { format: '{bar} {percentage}% 抄读 reading {value}/{total} s', stream: process.stderr },
      Presets.shades_classic,
    )
    bar.start(seconds, 0)
    const start = performance.now()
    let asked = 0
    while (performance.now() - start < seconds * 1000) {
      // As many requests as are due by now, each on the next line that is free.
      const due = Math.floor(((performance.now() - start) / 1000) * perSecond)
      for (; asked < due; asked += 1) {
        const line = present(lines[asked % lines.length], 'a line')
        const place = Math.floor(asked / lines.length) % metersPerLine
        const address = present(addresses[asked % lines.length]?.[place], 'a meter').address
        const isAfter = performance.now() - start > beforeMidnightMs + 1000
        line.ask(address, isAfter ? '05060101' : '00010000')
      }
      bar.update(Math.floor((performance.now() - start) / 1000))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    bar.stop()
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const answers = lines.flatMap((line) => line.answers)
    const elapsed = seconds
    const delays = answers.map(({ delayMs }) => delayMs).toSorted((left, right) => left - right)
    const late = delays.filter((delay) => delay > tdMs).length
    const wrong = checkFreezes(file, answers)
    process.stderr.write(
      `asked ${asked}, answered ${answers.length}, late ${late}, freezes checked ${wrong.checked}, wrong ${wrong.wrong}\n`,
    )
    invariant(wrong.wrong === 0 && wrong.checked > 0, 'freezes are what the meters counted at midnight')
    const p99 = present(delays[Math.floor(delays.length * 0.99)], 'a delay')
    const rssMiB = rssOf(child)
    for (const line of lines) line.close()
    return [
      result('meters in one process', meters, 'meters'),
      {
        ...result('resident memory of the field', rssMiB, 'MiB', {
          name: 'limit 2048 MiB',
          value: 2048,
          ratio: rssMiB / 2048,
        }),
        rssMiB,
      },
      result('answers over a midnight', answers.length / elapsed, 'answers/s', {
        name: 'asked',
        value: asked / elapsed,
        ratio: answers.length / asked,
      }),
      result('p99 from the end of a request to the begin of its reply', p99, 'ms', {
        name: 'Td',
        value: tdMs,
        ratio: p99 / tdMs,
      }),
    ]
  } finally {
    await stop(child)
  }
}

/** The second number of a truth file: what the registers were at midnight, cut off at 0.01 kWh. */
function checkFreezes(
  file: UtilityFile,
  answers: readonly Answer[],
): { readonly checked: number; readonly wrong: number } {
  const truths = new Map(
    file.lines
      .flatMap(repeated)
      .flatMap(({ meters: group }) => describeMeters(group, fieldSettings(file)))
      .map(({ address, source }) => [address, source]),
  )
  const freezes = answers.filter(({ dataIdentifier }) => dataIdentifier === '05060101')
  const wrong = freezes.filter(({ address, payload }) => {
    const decoded = decodeItem('daily_freeze_forward_active', payload)
    const truth = present(truths.get(address), address).registersAt(Date.parse(midnight))
    return !decoded.ok || decoded.value.totalE4 !== truth.totalE4 - (truth.totalE4 % 100n)
  })
  return { checked: freezes.length, wrong: wrong.length }
}

function fieldSettings(file: UtilityFile) {
  return { seed: file.seed, energisedFrom: Date.parse(file.energisedFrom) }
}

interface Answer {
  readonly address: string
  readonly dataIdentifier: string
  readonly payload: Buffer
  readonly delayMs: number
}

interface OpenLine {
  readonly ask: (address: string, dataIdentifier: string) => void
  readonly answers: Answer[]
  readonly close: () => void
}

/** One master on a line: a request in flight, others wait for it. */
async function openLine(port: number, index: number): Promise<OpenLine> {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  const splitter = createFrameSplitter()
  const waiting: Buffer[] = []
  const answers: Answer[] = []
  let sentAt: number | null = null
  let firstAt: number | null = null
  let sentBytes = 0
  const next = (): void => {
    const request = waiting.shift()
    sentAt = request === undefined ? null : performance.now()
    firstAt = null
    if (request === undefined) return
    sentBytes = request.length
    socket.write(request)
  }
  socket.on('data', (chunk: Buffer) => {
    firstAt ??= performance.now()
    for (const { frame } of splitter.push(chunk)) {
      const reply = parseReply(frame)
      if (sentAt === null || !reply.ok || reply.value.kind !== 'data') continue
      const { address, dataIdentifier, payload } = reply.value
      const delayMs = firstAt - sentAt - airtimeMs(sentBytes) - airtimeMs(firstChunkBytes)
      answers.push({ address, dataIdentifier, payload, delayMs })
      next()
    }
  })
  socket.on('error', (error) => process.stderr.write(`line ${index}: ${error.message}\n`))
  return {
    ask(address, dataIdentifier) {
      waiting.push(encodeReadRequest(address, dataIdentifier, { wakeUpBytes }))
      if (sentAt === null) next()
    },
    answers,
    close: () => socket.destroy(),
  }
}

function airtimeMs(bytes: number, rate = baud): number {
  return (bytes * bitsPerByte * 1000) / rate
}

/** Exchanges on one line at 2400 baud for a while, against what bytes and turnarounds must take. */
async function timeLine() {
  process.stderr.write('… 2400 波特线路计时，约 50 秒 a 2400 baud line keeps time, about 50 s\n')
  const rate = 2400
  const exchanges = 150
  const { ports, child, file } = await startField(
    `seed: 7\nenergisedFrom: 2026-01-01T00:00:00+08:00\nlines:\n  - { name: line, access: { tcp: { port: 0 } }, baud: ${rate}, meters: { count: 8, firstAddress: '202600000001' } }\n`,
  )
  try {
    const socket = connect({ host: '127.0.0.1', port: present(ports[0], 'a port'), noDelay: true })
    await once(socket, 'connect')
    const splitter = createFrameSplitter()
    const random = createSeededRandom(file.seed)
    let theoryMs = 0
    const start = performance.now()
    for (let index = 0; index < exchanges; index += 1) {
      const address = String(202600000001 + (index % 8)).padStart(12, '0')
      const request = encodeReadRequest(address, '0001FF00', { wakeUpBytes })
      const answered = new Promise<number>((resolve) => {
        const hear = (chunk: Buffer): void => {
          const [found] = splitter.push(chunk)
          if (found === undefined) return
          socket.off('data', hear)
          resolve(found.bytes.length)
        }
        socket.on('data', hear)
      })
      socket.write(request)
      const replyBytes = wakeUpBytes + (await answered)
      theoryMs +=
        airtimeMs(request.length, rate) + airtimeMs(replyBytes, rate) + 20 + random.below(71, 'turnaround', address)
    }
    const elapsedMs = performance.now() - start
    socket.destroy()
    return [
      result(`${exchanges} exchanges at 2400 baud`, elapsedMs, 'ms', {
        name: 'bytes x 11 / baud + turnaround',
        value: theoryMs,
        ratio: theoryMs / elapsedMs,
      }),
    ]
  } finally {
    await stop(child)
  }
}

async function startField(
  yaml: string,
): Promise<{ readonly file: UtilityFile; readonly ports: readonly number[]; readonly child: ChildProcess }> {
  const path = join(folder, 'utility.yaml')
  writeFileSync(path, yaml)
  const parsed = parseUtilityFile(yaml)
  invariant(parsed.ok, 'the utility file is valid')
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=1800', mainPath, 'sim', 'up', '--file', path, '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  closeInAnyCase(() => stop(child))
  let text = ''
  for await (const line of createInterface({ input: present(child.stdout, 'stdout') })) {
    text += line
    if (line === '}') break
  }
  const { lines } = JSON.parse(text) as { readonly lines: readonly { readonly at: string }[] }
  return { file: parsed.value, ports: lines.map(({ at }) => Number(at.split(':')[1])), child }
}

function fieldYaml(startAt: string, lines: number): string {
  return `seed: 7
startAt: ${startAt}
energisedFrom: 2026-01-01T00:00:00+08:00
lines:
  - name: line
    access: { tcp: { port: 0 } }
    baud: ${baud}
    repeat: ${lines}
    meters: { count: ${metersPerLine}, firstAddress: '202600000001' }
`
}

function rssOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? '0') / 1024)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
