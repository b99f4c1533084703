import { Aedes } from 'aedes'
import { unreachable } from '../../domain/result.js'
import { holding } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import type { DueCause } from '../../headend/accounting/classify-cause.js'
import { type HeadEnd, startHeadEnd } from '../../headend/head-end.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { type Concentrator, startConcentrator } from '../../simulators/concentrator.js'
import { answeringAs, refusingReads } from '../../simulators/faulty-meter.js'
import type { LineMeter } from '../../simulators/line-meters.js'
import { startModbusServer } from '../../simulators/modbus-meter.js'
import { startRs485Line } from '../../simulators/rs485-line.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { withDatabase } from './database.js'
import {
  addressOf,
  createWorld,
  firstMidnight,
  type LinePlan,
  local,
  plantRegistry,
  registersOf,
  simulatedMeter,
  type World,
} from './field-world.js'

/** The night on which what is planted for one night goes wrong; the night before and the one after are quiet. */
export const badMidnight = firstMidnight + dayMs
export const lastMidnight = badMidnight + dayMs
const goesWrong = badMidnight - 4 * hourMs
const isMended = badMidnight + 12 * hourMs
const always = { from: 0, to: null }

/** What the simulator knows: why a due point cannot have been read at the first pass. */
export interface Truth {
  /** Cause that was planted for a meter's point at an instant; null where nothing was. */
  readonly causeOf: (meter: number, readAt: Instant) => DueCause | null
  /** Points that must have gone wrong, `meter instant`. */
  readonly planted: ReadonlyMap<string, DueCause>
}

type LineFault =
  | 'planned_outage'
  | 'gone'
  | 'powerless'
  | 'noisy'
  | 'unattended'
  | 'crowded'
  | 'unknown_model'
  | 'mixed'
type MeterFault =
  | 'silent'
  | 'astray'
  | 'slow'
  | 'refusing'
  | 'stranger'
  | 'new'
  | 'forgetful'
  | 'unpowered'
  | 'removed'
  | 'suspended'
  | 'untold'
const meterFaults: readonly MeterFault[] = [
  'silent',
  'astray',
  'slow',
  'refusing',
  'stranger',
  'new',
  'forgetful',
  'unpowered',
  'removed',
  'suspended',
  'untold',
]

/** How often each kind of line is there; which line is which follows from the seed. */
const busFaults: readonly LineFault[] = [
  ...Array<LineFault>(2).fill('planned_outage'),
  ...Array<LineFault>(2).fill('gone'),
  ...Array<LineFault>(2).fill('powerless'),
  ...Array<LineFault>(2).fill('noisy'),
  ...Array<LineFault>(2).fill('unattended'),
  'crowded',
  'unknown_model',
  ...Array<LineFault>(12).fill('mixed'),
]
type UplinkFault = 'offline' | 'choked' | 'mixed'
const uplinkFaults: readonly UplinkFault[] = [
  'offline',
  'offline',
  'choked',
  'choked',
  'mixed',
  'mixed',
  'mixed',
  'mixed',
]
/** Damaged replies in a thousand; where nothing else was planted, they are why a point was missed. */
const noiseOf: Partial<Record<LineFault, number>> = { noisy: 250, mixed: 10 }
const metersPerLine = 10
const metersPerUplink = 12
const crowd = 230
const serial = { baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }

interface PlannedBus {
  readonly lineId: number
  readonly fault: LineFault
  readonly meters: readonly number[]
  readonly faults: ReadonlyMap<number, MeterFault>
}
interface PlannedUplink {
  readonly lineId: number
  readonly fault: UplinkFault
  /** Meters that the registry has behind it. */
  readonly meters: readonly number[]
  readonly silent: readonly number[]
  readonly late: readonly number[]
  /** Hangs behind the next concentrator, which has it in its table. */
  readonly misplaced: number | null
  /** Hangs behind the next concentrator; both have it in their tables. */
  readonly doubled: number | null
  /** Hangs behind this one, which does not have it in its table. */
  readonly forgotten: number | null
}
interface FieldPlan {
  readonly buses: readonly PlannedBus[]
  readonly uplinks: readonly PlannedUplink[]
}

/** Who is hit by what, from the seed alone. */
function planField(seed: number): FieldPlan {
  const random = createSeededRandom(seed)
  const order = <T>(items: readonly T[], name: string): readonly T[] =>
    items
      .map((item, index) => ({ item, key: random.below(1_000_000, name, index) }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item)
  let nextMeter = 1
  const take = (count: number): readonly number[] => Array.from({ length: count }, () => nextMeter++)
  const buses = order(busFaults, 'bus').map((fault, index): PlannedBus => {
    const meters = take(fault === 'crowded' ? crowd : metersPerLine)
    const hit = fault === 'mixed' ? order(meters, `hit ${index}`).slice(0, 4) : []
    const kinds = order(meterFaults, `kinds ${index}`)
    return {
      lineId: index + 1,
      fault,
      meters,
      faults: new Map(hit.map((meter, at) => [meter, kinds[at] ?? 'silent'])),
    }
  })
  const uplinks = order(uplinkFaults, 'uplink').map((fault, index): PlannedUplink => {
    const meters = take(metersPerUplink)
    const picked = order(meters, `uplink ${index}`)
    return {
      lineId: 100 + index,
      fault,
      meters,
      silent: fault === 'mixed' ? picked.slice(0, 2) : [],
      late: fault === 'choked' ? picked.slice(0, 4) : [],
      misplaced: fault === 'mixed' ? (picked[2] ?? null) : null,
      doubled: fault === 'mixed' ? (picked[3] ?? null) : null,
      forgotten: fault === 'mixed' ? (picked[4] ?? null) : null,
    }
  })
  return { buses, uplinks }
}

/** Causes by meter and night, written down before anything is collected. */
function truthOf({ buses, uplinks }: FieldPlan): Truth {
  const planted = new Map<string, DueCause>()
  const wholeLine = new Map<number, DueCause>()
  const nights = [firstMidnight, badMidnight, lastMidnight]
  const plant = (meter: number, cause: DueCause, instants: readonly Instant[]): void => {
    for (const instant of instants) planted.set(`${meter} ${instant}`, cause)
  }
  const lineCauses: Partial<Record<LineFault, DueCause>> = {
    planned_outage: 'planned_outage',
    gone: 'line_down',
    powerless: 'line_down',
    unattended: 'database_or_head_end_down',
  }
  const fromBad = [badMidnight, lastMidnight]
  for (const { fault, meters, faults } of buses) {
    for (const meter of meters) {
      const cause = lineCauses[fault]
      if (cause !== undefined) plant(meter, cause, [badMidnight])
      if (noiseOf[fault] !== undefined) wholeLine.set(meter, 'damaged_line')
      if (fault === 'crowded') wholeLine.set(meter, 'window_too_short')
      if (fault === 'unknown_model') plant(meter, 'parameter', nights)
    }
    for (const [meter, kind] of faults) {
      if (kind === 'silent') plant(meter, 'meter_silent', fromBad)
      if (kind === 'astray' || kind === 'slow') plant(meter, 'clock_drift', nights)
      if (kind === 'refusing') plant(meter, 'refused', nights)
      if (kind === 'stranger') plant(meter, 'archive_mismatch', nights)
      if (kind === 'new') plant(meter, 'new_meter_not_commissioned', fromBad)
      if (kind === 'forgetful' || kind === 'unpowered') plant(meter, 'memory_overrun', [badMidnight])
      if (kind === 'removed') plant(meter, 'not_in_service', [badMidnight])
      if (kind === 'untold') plant(meter, 'registered_late', [firstMidnight, badMidnight])
      if (kind === 'suspended') {
        plant(meter, 'not_in_service', fromBad)
        plant(meter, 'not_noted', [suspendedAt])
      }
    }
  }
  for (const { fault, meters, silent, late, misplaced, doubled, forgotten } of uplinks) {
    if (fault === 'offline') for (const meter of meters) plant(meter, 'concentrator_offline', [badMidnight])
    for (const meter of silent) plant(meter, 'meter_silent', fromBad)
    for (const meter of late) plant(meter, 'upload_late', nights)
    if (misplaced !== null) plant(misplaced, 'table_unknown', nights)
    if (doubled !== null) plant(doubled, 'table_duplicate', nights)
    if (forgotten !== null) plant(forgotten, 'table_missing', nights)
  }
  return {
    planted,
    causeOf: (meter, readAt) => planted.get(`${meter} ${readAt}`) ?? wholeLine.get(meter) ?? null,
  }
}

const changedAt = badMidnight - 12 * hourMs
const suspendedAt = badMidnight - 14 * hourMs

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

export interface FaultyField {
  readonly world: World
  readonly truth: Truth
  readonly owner: Database
  readonly reader: Database
  readonly headEnd: HeadEnd
}

/** Lines and concentrators with faults planted by seed, three nights of collection over them in virtual time. */
export async function collectFaultyField(t: Teardown, seed: number): Promise<FaultyField> {
  const plan = planField(seed)
  const world = createWorld()
  const { clock, network } = world
  const release = clock.hold()
  const closers: (() => Promise<void>)[] = []
  const lines: LinePlan[] = []
  for (const bus of plan.buses) lines.push(await startBus(bus, world, closers))
  const broker = await Aedes.createBroker()
  const listener = await network.listen(local, (socket) => broker.handle(socket))
  const { endpoint } = listener
  for (const { lineId, meters } of plan.uplinks) {
    const code = `c${lineId}`
    const topics = { uploadTopic: `metering/${code}/up`, receiptTopic: `metering/${code}/receipt` }
    const settings = { brokerUrl: `mqtt://127.0.0.1:${endpoint.port}`, ...topics }
    lines.push({ lineId, code, kind: 'mqtt_concentrator', settings, meters })
  }
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, lines)
  await plantChanges(owner, plan)
  const database = openDatabase({ url: databases.url('headend'), clock })
  const headEnd = await startHeadEnd({ database, clock, network, node: 'node-1' })
  const uplinks = new Map<number, Concentrator>()
  const connect = async (uplink: PlannedUplink): Promise<void> => {
    uplinks.set(uplink.lineId, await startUplink(uplink, plan, endpoint, world))
  }
  for (const uplink of plan.uplinks) await connect(uplink)
  t.teardown(async () => {
    await headEnd.close()
    for (const uplink of uplinks.values()) await uplink.close()
    for (const close of closers) await close()
    await new Promise<void>((closed) => broker.close(closed))
    await listener.close()
    clock.close()
    await database.close()
  })
  const until = (instant: Instant) => clock.sleep(Math.max(0, instant - clock.now()))
  release()
  for (const midnight of [firstMidnight, badMidnight, lastMidnight]) {
    await until(midnight - 6 * hourMs)
    await holding(clock, async () => {
      if (midnight === badMidnight) await holdLines(owner, plan, 'infinity')
      if (midnight === lastMidnight) await holdLines(owner, plan, 'now')
      for (const uplink of plan.uplinks.filter(({ fault }) => fault === 'offline')) {
        if (midnight === badMidnight) await uplinks.get(uplink.lineId)?.close()
        if (midnight === lastMidnight) await connect(uplink)
      }
    })
    await until(midnight)
    await headEnd.collectWindow(midnight)
    await until(midnight + 12 * hourMs)
    await headEnd.uploadsCommitted()
  }
  // The concentrators would go on night after night while the test looks.
  clock.hold()
  return { world, truth: truthOf(plan), owner, reader: databases.as('reader'), headEnd }
}

async function startBus(bus: PlannedBus, world: World, closers: (() => Promise<void>)[]): Promise<LinePlan> {
  const { lineId, fault, meters } = bus
  const code = `bus-${lineId}`
  if (fault === 'unknown_model') {
    const model = findMeterModel('acrel-adl3000-e')
    if (model === null) throw new Error('no model')
    const unitOf = (ordinal: number): number => 1 + meters.indexOf(ordinal)
    const gateway = await startModbusServer(
      {
        endpoint: local,
        meters: new Map(
          meters.map((ordinal) => [
            unitOf(ordinal),
            { model, source: { registersAt: (instant: Instant) => registersOf(ordinal, instant) } },
          ]),
        ),
      },
      world,
    )
    closers.push(gateway.close)
    return {
      lineId,
      code,
      kind: 'modbus_tcp',
      settings: gateway.endpoint,
      meters,
      addressOf: (ordinal) => String(unitOf(ordinal)),
      model: 'a-model-that-nobody-knows',
    }
  }
  const line = await startRs485Line(
    {
      name: code,
      baud: serial.baud,
      damagedPermille: noiseOf[fault] ?? 0,
      meters: meters.flatMap((ordinal) => lineMeters(ordinal, bus)),
      endpoint: local,
      outages: fault === 'planned_outage' || fault === 'gone' ? [{ from: goesWrong, to: isMended }] : [],
      ...(fault === 'crowded' ? { faults: { extraDelayMs: 55_000 } } : {}),
    },
    world,
  )
  closers.push(line.close)
  const replyTimeoutMs = fault === 'crowded' ? 60_000 : serial.replyTimeoutMs
  return { lineId, code, kind: 'dlt645_tcp', settings: { ...line.endpoint, ...serial, replyTimeoutMs }, meters }
}

/** The meter as it hangs on its line, with what ails it. */
function lineMeters(ordinal: number, { fault, faults }: PlannedBus): readonly LineMeter[] {
  const meter = simulatedMeter(ordinal)
  const interrupted = (each: LineMeter['meter']) => [
    { meter: each, from: 0, to: goesWrong },
    { meter: each, from: isMended, to: null },
  ]
  if (fault === 'powerless') return interrupted(meter)
  const meterFault = faults.get(ordinal)
  switch (meterFault) {
    case 'silent':
      return [{ meter, from: 0, to: goesWrong }]
    case 'astray':
      return [{ meter: simulatedMeter(ordinal, { habits: { clock: { offsetMs: -3650 * dayMs } } }), ...always }]
    case 'slow':
      return [{ meter: simulatedMeter(ordinal, { habits: { clock: { offsetMs: -30 * minuteMs } } }), ...always }]
    case 'refusing':
      return [{ meter: refusingReads(meter), ...always }]
    case 'stranger':
      return [{ meter: answeringAs(meter, addressOf(500_000 + ordinal)), ...always }]
    case 'new':
      return []
    case 'forgetful':
      return interrupted(simulatedMeter(ordinal, { freezeDepth: 1 }))
    case 'unpowered':
      return [{ meter: simulatedMeter(ordinal, { missedFreezes: new Set([beijing.dateAt(badMidnight)]) }), ...always }]
    case 'removed':
      return [{ meter, from: 0, to: changedAt }]
    case 'suspended':
      return [{ meter, from: 0, to: suspendedAt }]
    case 'untold':
    case undefined:
      return [{ meter, ...always }]
    default:
      return unreachable(meterFault)
  }
}

async function startUplink(
  uplink: PlannedUplink,
  { uplinks }: FieldPlan,
  broker: { readonly host: string; readonly port: number },
  world: World,
): Promise<Concentrator> {
  const index = uplinks.indexOf(uplink)
  const before = uplinks[(index + uplinks.length - 1) % uplinks.length]
  const strangers = [before?.misplaced ?? null, before?.doubled ?? null].filter((meter) => meter !== null)
  const wired = [
    ...uplink.meters.filter((meter) => meter !== uplink.misplaced && meter !== uplink.doubled),
    ...strangers,
  ]
  const known = [
    ...uplink.meters.filter((meter) => meter !== uplink.misplaced && meter !== uplink.forgotten),
    ...strangers,
  ]
  return startConcentrator(
    {
      code: `c${uplink.lineId}`,
      broker,
      profile: ownEnvelope,
      table: known.map(addressOf),
      meters: wired.map((ordinal) => ({
        meter: simulatedMeter(ordinal),
        from: 0,
        to: uplink.silent.includes(ordinal) ? goesWrong : null,
      })),
      collectAtMinute: 20,
      metersPerBatch: 1,
      receiptTimeoutMs: 30 * minuteMs,
      duplicatedPermille: 0,
      heldBack: { addresses: new Set(uplink.late.map(addressOf)), forMs: 7 * hourMs },
    },
    world,
  )
}

/** Dated changes of master data, each recorded when it would have become known. */
async function plantChanges(owner: Database, { buses }: FieldPlan): Promise<void> {
  const announced = toTimestamptz(goesWrong - dayMs)
  for (const { lineId, fault, faults } of buses) {
    if (fault === 'planned_outage')
      await owner.execute(`insert into planned_outage values ($1, $2, null, $1, $3, $4, 'notice', $5, 'system')`, [
        lineId,
        `outage-${lineId}`,
        toTimestamptz(goesWrong),
        toTimestamptz(isMended),
        announced,
      ])
    for (const [meter, kind] of faults) {
      if (kind === 'new')
        await owner.execute(
          'update installation_timeline set effective_from = $2, recorded_at = $2 where meter_id = $1',
          [meter, toTimestamptz(changedAt)],
        )
      if (kind === 'removed')
        await owner.execute(
          `insert into installation_timeline
           select usage_point_id, 2, effective_from, $2, meter_id, line_id, $3, actor_id, 'removed, and told late'
             from installation_timeline where meter_id = $1`,
          [meter, toTimestamptz(changedAt), toTimestamptz(badMidnight + 10 * hourMs)],
        )
      if (kind === 'untold')
        await owner.execute('update installation_timeline set recorded_at = $2 where meter_id = $1', [
          meter,
          toTimestamptz(badMidnight + 10 * hourMs),
        ])
      if (kind === 'suspended')
        await owner.execute(
          `insert into suspension_timeline values ($1, 1, $2, null, 'sheet', $3, 'system', 'suspended')`,
          [meter, toTimestamptz(suspendedAt), toTimestamptz(suspendedAt - hourMs)],
        )
    }
  }
}

/** A node took these lines and died with their leases. The server's clock does not follow the story's, so their end is set by hand. */
async function holdLines(owner: Database, { buses }: FieldPlan, until: 'infinity' | 'now'): Promise<void> {
  const held = buses.filter(({ fault }) => fault === 'unattended').map(({ lineId }) => lineId)
  await owner.execute(
    `update line_lease set owner = 'a node that died', fencing_token = fencing_token + 1, expires_at = $2
      where line_id = any($1)`,
    [held, until],
  )
}

/** `MM-DD hh:mm` in Beijing, for messages of a failing test. */
export function shortInstant(instant: Instant): string {
  return `${beijing.dateAt(instant).slice(5)} ${String(Math.floor(beijing.minuteOfDay(instant) / 60)).padStart(2, '0')}h`
}
