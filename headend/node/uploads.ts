import type { Clock, Network } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { LineId } from '../../domain/reading.js'
import type { ConcentratorLine } from '../concentrators/uplink.js'
import type { TablePolicy } from '../concentrators/push-tables.js'
import type { BrokerStatus } from '../ingest/broker-stations.js'
import { receiveUploads, type UploadReceiver } from '../ingest/receive-uploads.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { UploadsCommitted, UploadTally } from '../metrics/upload-tally.js'
import type { BrokerAccess } from '../transports/broker-access.js'
import { type LogEvent, messageOf } from './log.js'

export interface UploadsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly owner: string
  /** How this machine gets into brokers; one that is not named is open to everybody. */
  readonly brokers: readonly BrokerAccess[]
  readonly log: LogEvent
  readonly onTrouble: () => void
  readonly tally: UploadTally
  readonly onCommitted: (batch: UploadsCommitted) => void
  readonly onCommitFailed: () => void
}

/** What the plan in force says of uploads and meter tables. */
export interface UploadPlan {
  readonly windowOpensMs: number
  readonly tables: TablePolicy
}

/** Receives the uploads of the concentrators that the registry has now. */
export interface Uploads {
  /** Follows the registry: connects, connects anew where lines, brokers or the plan changed, and tries again what failed before. */
  readonly follow: (lines: readonly ConcentratorLine[], plan: UploadPlan) => Promise<void>
  /** Notes which concentrators fell silent, and sends meter tables. */
  readonly tend: () => Promise<void>
  readonly pending: () => number
  readonly pendingBytes: () => number
  readonly isFull: () => boolean
  readonly brokers: () => readonly BrokerStatus[]
  readonly isConnected: () => boolean
  /** A line to the meters behind a concentrator; null where there is no way through. */
  readonly openLine: (lineId: LineId) => Dlt645Line | null
  /** The same, where what a concentrator does not deliver is lost unless somebody asks. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
  readonly close: () => Promise<void>
}

const retryMs = 10 * secondMs

export function createUploads(options: UploadsOptions): Uploads {
  const { clock, log, onTrouble } = options
  let receiver: UploadReceiver | null = null
  let followed = ''
  let triedAt = Number.NEGATIVE_INFINITY
  let saidTrouble: string | null = null
  let saidRefusals: ReadonlySet<string> = new Set()

  async function close(): Promise<void> {
    const closing = receiver
    receiver = null
    await closing?.close()
  }

  function say(trouble: string | null): void {
    if (trouble === saidTrouble) return
    saidTrouble = trouble
    if (trouble === null) return log('info', 'uploads_received_again')
    onTrouble()
    log('error', 'uploads_not_received', { reason: trouble })
  }

  return {
    async follow(lines, plan) {
      const wanted = JSON.stringify([plan, lines.map(({ code, settings }) => [code, settings])])
      const isUp = receiver !== null || lines.length === 0
      if (isUp && wanted === followed) {
        return say(troubleOf(receiver))
      }
      if (wanted === followed && clock.now() < triedAt + retryMs) return
      triedAt = clock.now()
      followed = wanted
      await close()
      if (lines.length === 0) return
      try {
        receiver = await receiveUploads({ ...options, lines, ...plan })
        log('info', 'uploads_open', { concentrators: lines.length })
        say(null)
      } catch (error) {
        say(messageOf(error))
      }
    },
    async tend() {
      const refusals = new Set(await receiver?.tendConcentrators())
      for (const reason of refusals) if (!saidRefusals.has(reason)) log('warn', 'table_push_refused', { reason })
      saidRefusals = refusals
    },
    pending: () => receiver?.pending() ?? 0,
    pendingBytes: () => receiver?.pendingBytes() ?? 0,
    isFull: () => receiver?.isFull() ?? false,
    brokers: () => receiver?.brokers() ?? [],
    isConnected: () => receiver?.brokers().every(({ connected }) => connected) ?? false,
    openLine: (lineId) => receiver?.openLine(lineId) ?? null,
    gapLine: (lineId) => receiver?.gapLine(lineId) ?? null,
    close,
  }
}

function troubleOf(receiver: UploadReceiver | null): string | null {
  const away = receiver?.brokers().find(({ connected }) => !connected)
  if (away !== undefined) return `broker ${away.url}: ${away.failure ?? 'away'}`
  return receiver?.lastError() ?? null
}
