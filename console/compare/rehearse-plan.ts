import { ownLine } from '../../headend/sessions/talk-right.js'
import { present } from '../../domain/result.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import type { Clock, SerialPorts } from '../../domain/runtime.js'
import { type Instant, type LocalDate, minuteMs, secondMs } from '../../domain/time.js'
import { collectLine } from '../../headend/acquisition/collect-line.js'
import { sessionOf } from '../../headend/acquisition/collect-window.js'
import type { LineReader, OpenRead } from '../../headend/acquisition/line-reader.js'
import { sleepUntil } from '../../headend/acquisition/sleep-until.js'
import { parseLine } from '../../headend/line-settings.js'
import { nextStep } from '../../headend/node/next-step.js'
import { carrierOf, schedulesFor, spanOf } from '../../headend/plan/plan-coverage.js'
import type { CollectionPlan } from '../../headend/plan/plan-document.js'
import type { AskedLine } from '../../headend/transports/line-session.js'
import { startBroker } from '../../simulators/broker.js'
import { describeUtility } from '../../simulators/utility/describe-utility.js'
import { masterDataOf } from '../../simulators/utility/master-data.js'
import { startUtility } from '../../simulators/utility/start-utility.js'
import { at } from '../../simulators/utility/story-calendar.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'
import type { LineSubject } from '../../storage/headend/plan-subjects.js'
import { createRealNetwork } from '../runtime/real-network.js'
import { type PlannedAirtime, plannedAirtime } from './planned-airtime.js'
import { createSlots, type Slots } from './slots.js'

export interface RehearsalOptions {
  readonly seed: number
  readonly meters: number | undefined
  /** The local day whose first midnight is read. */
  readonly night: LocalDate
}

/** What one night under a plan came to, on the lines that are asked; concentrators deliver by themselves. */
export interface Rehearsal {
  readonly lines: number
  readonly due: number
  readonly read: number
  readonly requests: number
  readonly timeouts: number
  readonly damaged: number
  /** Time in which somebody talked on a line, over all lines, in milliseconds. */
  readonly airtimeMs: number
  /** When half and 95 % of what was due was there, in milliseconds after midnight; null where it never was. */
  readonly halfMs: number | null
  readonly mostMs: number | null
  /** What every window of the plan takes on these lines, rehearsed or not. */
  readonly planned: readonly PlannedAirtime[]
}

const anyPort = { host: '127.0.0.1', port: 0 }
const beforeMs = minuteMs
const connectPatienceMs = 10 * secondMs

/** The same night of the same simulated utility, in virtual time: two plans differ in nothing but themselves. */
export async function rehearsePlan(plan: CollectionPlan, options: RehearsalOptions): Promise<Rehearsal> {
  const midnight = at(options.night)
  const clock = createVirtualClock(midnight - beforeMs)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const random = createSeededRandom(options.seed)
  const release = clock.hold()
  const { seed, meters } = options
  const description = describeUtility(meters === undefined ? { seed } : { seed, meters })
  const broker = await startBroker(anyPort, network)
  const utility = await startUtility(description, { clock, network, random, broker: broker.endpoint })
  try {
    const lines = linesOf(masterDataOf(description, utility.endpoints), midnight)
    const node = createSlots(plan.limits.node)
    const carriers = new Map(plan.limits.carriers.map((each) => [each.name, createSlots(each.lines)]))
    const nights = lines.map((each) => {
      const carrier = carriers.get(carrierOf(plan, each.subject) ?? '')
      return readLine({ plan, clock, network, serialPorts: noSerialPorts, midnight }, each, [
        node,
        ...(carrier === undefined ? [] : [carrier]),
      ])
    })
    release()
    return { ...sumOf(await Promise.all(nights), midnight), planned: plannedAirtime(plan, lines) }
  } finally {
    await utility.close()
    await broker.close()
    clock.close()
  }
}

interface RehearsedLine {
  readonly line: AskedLine
  readonly subject: LineSubject
  readonly models: readonly string[]
  readonly due: readonly OpenRead[]
}

function linesOf(document: ReturnType<typeof masterDataOf>, midnight: Instant): readonly RehearsedLine[] {
  const organisation = present(document.organisations[0], 'the utility')
  const meters = new Map(document.meters.map((meter, index) => [meter.code, { ...meter, meterId: BigInt(index + 1) }]))
  const areaOf = new Map(document.usagePoints.map((point) => [point.code, point.transformerArea]))
  return document.lines.flatMap(({ code, kind, settings }, index): readonly RehearsedLine[] => {
    const lineId = BigInt(index + 1)
    const parsed = parseLine({ line_id: lineId, code, kind, settings, time_zone: organisation.timeZone })
    if (!parsed.ok || parsed.value.kind === 'mqtt_concentrator') return []
    const hanging = document.installations.filter((each) => each.line === code)
    const models = hanging.map((each) => present(meters.get(each.meter), each.meter))
    const subject = {
      lineId,
      code,
      kind,
      timeZone: organisation.timeZone,
      organisations: [organisation.code],
      areas: hanging.map((each) => areaOf.get(each.usagePoint) ?? ''),
      models: models.map(({ model }) => model),
      meters: hanging.length,
    }
    const due = models.map(({ meterId, communicationAddress, model }) => ({
      meterId,
      communicationAddress,
      model,
      readAt: midnight,
    }))
    return [{ line: parsed.value, subject, models: subject.models, due }]
  })
}

interface Stage {
  readonly plan: CollectionPlan
  readonly clock: Clock
  readonly network: ReturnType<typeof createVirtualNetwork>
  readonly serialPorts: SerialPorts
  readonly midnight: Instant
}

interface LineNight {
  readonly due: number
  /** When each reading came. */
  readonly readAt: readonly Instant[]
  readonly airtimeMs: number
  readonly requests: number
  readonly timeouts: number
  readonly damaged: number
}

/** Passes as a collection node makes them, without a database: what is read is taken off the list. */
async function readLine(
  stage: Stage,
  { line, subject, due }: RehearsedLine,
  places: readonly Slots[],
): Promise<LineNight> {
  const { plan, clock, midnight } = stage
  const [schedule] = schedulesFor(plan, 'daily_freeze', subject)
  const night = { due: due.length, readAt: [] as Instant[], airtimeMs: 0, requests: 0, timeouts: 0, damaged: 0 }
  if (schedule === undefined) return night
  const span = spanOf(schedule, midnight)
  let open = due
  await sleepUntil(clock, span.start)
  for (let attempt = 1; ; attempt += 1) {
    for (const place of places) await place.take()
    const begun = clock.now()
    const { reader } = sessionOf({ ...stage, right: ownLine }, line, midnight)
    const got = new Set<OpenRead>()
    const isReached = await reader.ready(Math.min(span.end, begun + connectPatienceMs))
    if (isReached)
      await collectLine({
        clock,
        due: open,
        passStarts: [clock.now()],
        end: span.end,
        store: () => Promise.resolve(),
        reader: noting(reader, (each) => {
          got.add(each)
          night.readAt.push(clock.now())
        }),
      })
    const { requests, timeouts, damaged } = reader.counters()
    night.requests += requests
    night.timeouts += timeouts
    night.damaged += damaged
    night.airtimeMs += clock.now() - begun
    reader.close()
    for (const place of places) place.giveBack()
    open = open.filter((each) => !got.has(each))
    const pass = { kind: isReached ? 'passed' : 'line_down', open: open.length } as const
    const step = nextStep(pass, { now: clock.now(), span, attempt, retry: plan.ladder.retry })
    if (step.kind === 'complete') return night
    await sleepUntil(clock, step.dueAt)
  }
}

function noting(reader: LineReader, onRead: (due: OpenRead) => void): LineReader {
  return {
    ...reader,
    async read(due) {
      const outcome = await reader.read(due)
      if (outcome.kind === 'read') onRead(due)
      return outcome
    },
  }
}

function sumOf(nights: readonly LineNight[], midnight: Instant): Omit<Rehearsal, 'planned'> {
  const sum = (of: (night: LineNight) => number) => nights.reduce((total, night) => total + of(night), 0)
  const due = sum((night) => night.due)
  const times = nights
    .flatMap((night) => night.readAt.map((instant) => instant - midnight))
    .sort((left, right) => left - right)
  const whenThere = (percent: number) => times[Math.ceil((due * percent) / 100) - 1] ?? null
  return {
    lines: nights.length,
    due,
    read: times.length,
    requests: sum((night) => night.requests),
    timeouts: sum((night) => night.timeouts),
    damaged: sum((night) => night.damaged),
    airtimeMs: sum((night) => night.airtimeMs),
    halfMs: whenThere(50),
    mostMs: whenThere(95),
  }
}

const noSerialPorts: SerialPorts = {
  open: ({ path }) => Promise.reject(new Error(`${path}: the simulated utility has no serial ports`)),
}
