import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { RegisterSet } from '../../domain/reading.js'
import { dayMs, type Instant, minuteMs } from '../../domain/time.js'
import type { CollectedBatch } from '../../headend/acquisition/attempt-log.js'
import { type CollectLineOptions, collectLine } from '../../headend/acquisition/collect-line.js'
import type { OpenRead } from '../../headend/acquisition/line-reader.js'
import { type Dlt645Line, openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import { createDlt645Reader } from '../../headend/transports/dlt645-reader.js'
import type { LineMeter } from '../../simulators/line-meters.js'
import type { LineFaults } from '../../simulators/line-bus.js'
import { type Rs485Line, startRs485Line } from '../../simulators/rs485-line.js'
import { addressOf, createWorld, firstMidnight, local, registersOf, simulatedMeter, type World } from './field-world.js'

/** A simulated line and what a head-end makes of it in one window. */
export interface LineScene {
  /** Noise differs from name to name. */
  readonly name?: string
  readonly baud?: number
  readonly requestGapMs?: number
  readonly parity?: 'even' | 'none'
  /** Ordinals of the meters that are due, and how many midnights of each. */
  readonly due: readonly number[]
  readonly nights?: number
  /** Who hangs on the line; everybody who is due where nothing is said. */
  readonly meters?: readonly LineMeter[]
  readonly damagedPermille?: number
  readonly faults?: LineFaults
  readonly outages?: readonly { readonly from: Instant; readonly to: Instant }[]
  readonly silentWindows?: ReadonlyMap<number, number>
  readonly quirks?: MeterQuirks
  readonly passesMs?: readonly number[]
  readonly endMs?: number
  readonly options?: Partial<CollectLineOptions>
  /** Something that goes on beside the window. */
  readonly meanwhile?: (scene: RunningScene) => void
}

export interface RunningScene extends World {
  readonly line: Dlt645Line
  readonly bus: Rs485Line
}

const windowStart = firstMidnight + 5 * minuteMs

export function dueOf(scene: LineScene): readonly OpenRead[] {
  return scene.due.flatMap((ordinal) =>
    Array.from({ length: scene.nights ?? 1 }, (_, night) => ({
      meterId: BigInt(ordinal),
      communicationAddress: addressOf(ordinal),
      model: 'any',
      readAt: firstMidnight - night * dayMs,
      silentWindows: scene.silentWindows?.get(ordinal) ?? 0,
    })),
  )
}

export function windowOf({ passesMs = [0, 10 * minuteMs, 40 * minuteMs], endMs = 355 * minuteMs }: LineScene) {
  return { start: windowStart, end: windowStart + endMs, passStarts: passesMs.map((offset) => windowStart + offset) }
}

export function settingsOf({ baud = 2400, requestGapMs = 0 }: LineScene) {
  return { baud, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs }
}

/** Runs the window and closes everything. Readings are given with what the meter really showed. */
export async function runScene(scene: LineScene) {
  const world = createWorld(windowStart)
  const { clock, network } = world
  const bus = await startRs485Line(
    {
      name: scene.name ?? 'line',
      endpoint: local,
      baud: scene.baud ?? 2400,
      meters: scene.meters ?? scene.due.map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
      damagedPermille: scene.damagedPermille ?? 0,
      ...(scene.faults === undefined ? {} : { faults: scene.faults }),
      outages: scene.outages ?? [],
    },
    world,
  )
  const line = openDlt645Line({ clock, connect: () => network.connect(bus.endpoint), settings: settingsOf(scene) })
  const reader = createDlt645Reader({
    clock,
    line,
    parity: scene.parity ?? 'even',
    newestMidnight: firstMidnight,
    quirksOf: () => scene.quirks ?? {},
  })
  const batches: CollectedBatch[] = []
  scene.meanwhile?.({ ...world, line, bus })
  const window = windowOf(scene)
  const outcome = await collectLine({
    clock,
    reader,
    due: dueOf(scene),
    ...window,
    store: async (batch) => void batches.push(batch),
    ...scene.options,
  })
  const tookMs = clock.now() - windowStart
  reader.close()
  await bus.close()
  clock.close()
  const readings = batches.flatMap((batch) => batch.readings)
  return {
    outcome,
    readings,
    failures: batches.flatMap((batch) => batch.failures),
    /** Readings that are not what the meter showed at that midnight. */
    wrong: readings.filter(
      ({ meterId, readAt, registers }) => !isTrue(registersOf(Number(meterId), readAt), registers),
    ),
    counters: reader.counters(),
    onTheLine: bus.counters(),
    tookMs,
  }
}

function isTrue(truth: RegisterSet, said: RegisterSet): boolean {
  return truth.totalE4 === said.totalE4 && truth.touE4.every((each, index) => each === said.touE4[index])
}
