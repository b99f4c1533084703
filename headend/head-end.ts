import { UserError } from '../domain/errors.js'
import { present } from '../domain/result.js'
import type { Clock, Network, SerialPorts } from '../domain/runtime.js'
import type { LineId } from '../domain/reading.js'
import type { Calendar, Instant } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { type LineSubject, loadLineSubjects } from '../storage/headend/plan-subjects.js'
import { loadLines } from '../storage/headend/lines.js'
import { ensureWorkingPartitions } from '../storage/time-series.js'
import { type CollectionRuntime, collectLineWindow, layWindow } from './acquisition/collect-window.js'
import type { WindowReport } from './acquisition/window-report.js'
import { createLeaseKeeper } from './ingest/lease-keeper.js'
import type { ConcentratorLine } from './concentrators/uplink.js'
import type { BrokerStatus } from './ingest/broker-stations.js'
import { receiveUploads, type UploadReceiver } from './ingest/receive-uploads.js'
import { type Line, parseLine } from './line-settings.js'
import { defaultPlan } from './plan/default-plan.js'
import { uploadsOpenMs } from './plan/plan-coverage.js'
import type { CollectionPlan } from './plan/plan-document.js'
import type { Dlt645Line } from './sessions/dlt645-line.js'
import type { BrokerAccess } from './transports/broker-access.js'

export interface HeadEndOptions {
  /** Logged in as the head-end's role. */
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  /** Without them a line behind a serial port is down. */
  readonly serialPorts?: SerialPorts
  /** Name of this node, the same after a restart: leases and the broker's sessions are kept under it. */
  readonly node: string
  /** The built-in plan where nothing is said. */
  readonly plan?: CollectionPlan
  /** How this machine gets into the brokers of its concentrators. */
  readonly brokers?: readonly BrokerAccess[]
}

export interface HeadEnd {
  /**
   * Runs the window that belongs to the local midnight at or before `windowStart`, over all lines at once, and returns when each
   * line has everything or its window is over. Repeating it after a crash reads only what is missing.
   */
  readonly collectWindow: (windowStart: Instant) => Promise<WindowReport>
  /** Resolves when every upload that has arrived is committed and acknowledged. */
  readonly uploadsCommitted: () => Promise<void>
  /** A line to the meters behind a concentrator, like any other line; null where it lets no frames through. */
  readonly openConcentrator: (lineId: LineId) => Dlt645Line | null
  /** Notes which concentrators are silent, and brings meter tables on their way; to be called every few seconds. */
  readonly tendConcentrators: () => Promise<readonly string[]>
  readonly status: () => HeadEndStatus
  readonly close: () => Promise<void>
}

export interface HeadEndStatus {
  readonly pendingUploads: number
  /** Why uploads wait; null while all is well. */
  readonly uploadError: string | null
  readonly brokers: readonly BrokerStatus[]
}

/**
 * Takes the lines from the registry and begins to receive uploads at once.
 * @throws UserError bad_config for a line that cannot be used, broker_unreachable.
 */
export async function startHeadEnd(options: HeadEndOptions): Promise<HeadEnd> {
  const { database, clock, network, node, plan = defaultPlan, serialPorts = noSerialPorts } = options
  const leases = createLeaseKeeper(database, clock, { owner: node })
  const lines = (await loadLines(database)).map((row) => usable(parseLine(row)))
  const subjects = new Map((await loadLineSubjects(database, clock.now())).map((each) => [each.code, each]))
  await ensureWorkingPartitions(database, clock.now())
  const receiver: UploadReceiver = await receiveUploads({
    database,
    clock,
    network,
    owner: node,
    lines: lines.filter((line): line is ConcentratorLine => line.kind === 'mqtt_concentrator'),
    windowOpensMs: uploadsOpenMs(plan),
    ...(options.brokers === undefined ? {} : { brokers: options.brokers }),
    tables: plan.tables,
  })
  const runtime: CollectionRuntime = {
    database,
    clock,
    network,
    serialPorts,
    plan,
    leases,
    gapLine: receiver.gapLine,
  }
  return {
    collectWindow: (windowStart) => collectWindow(runtime, lines, subjects, windowStart),
    uploadsCommitted: receiver.drained,
    openConcentrator: receiver.openLine,
    tendConcentrators: receiver.tendConcentrators,
    status: () => ({
      pendingUploads: receiver.pending(),
      uploadError: receiver.lastError(),
      brokers: receiver.brokers(),
    }),
    close: receiver.close,
  }
}

async function collectWindow(
  runtime: CollectionRuntime,
  lines: readonly Line[],
  subjects: ReadonlyMap<string, LineSubject>,
  windowStart: Instant,
): Promise<WindowReport> {
  const zones = new Map<string, Calendar>(lines.map(({ timeZone, calendar }) => [timeZone, calendar]))
  let laid = 0
  for (const [timeZone, calendar] of zones) {
    laid += (await layWindow(runtime, calendar.startOfDayAt(windowStart), { timeZone, calendar })).laid
  }
  const reports = await Promise.all(
    lines.map((line) =>
      collectLineWindow(
        runtime,
        line,
        present(subjects.get(line.code), `line ${line.code}`),
        line.calendar.startOfDayAt(windowStart),
      ),
    ),
  )
  return { laid, lines: reports }
}

function usable(parsed: ReturnType<typeof parseLine>): Line {
  if (!parsed.ok) throw new UserError('bad_config', `线路配置有误 line ${parsed.error.message}`)
  return parsed.value
}

const noSerialPorts: SerialPorts = {
  open: ({ path }) =>
    Promise.reject(new UserError('serial_port_failed', `${path}: 本进程不开串口 this process opens no serial ports`)),
}
