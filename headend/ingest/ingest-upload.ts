import type { Calendar, Instant } from '../../domain/time.js'
import type { LineId } from '../../domain/reading.js'
import { encodeReceipt, parseUpload, type Receipt, type Upload } from '../../protocols/concentrator/messages.js'
import type { WindowStatistics } from '../../storage/headend/collected.js'
import type { Database } from '../../storage/database.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import { installedMeters } from '../../storage/headend/lines.js'
import { ensureTimePartitions, needsOldPartition } from '../../storage/time-series.js'
import { isPlausibleStamp, storeCollected } from '../../storage/headend/store-collected.js'
import { assignFreezes, readUpload, toQuarantined, type UploadContent } from './upload-readings.js'

/** The concentrator line from which an upload came. */
export interface UploadLine {
  readonly lineId: LineId
  readonly code: string
  readonly calendar: Calendar
  /** Milliseconds after local midnight at which the window begins that the statistics belong to. */
  readonly windowOpensMs: number
}

export type UploadIngested =
  | { readonly kind: 'stored'; readonly receipt: Receipt; readonly stored: number; readonly duplicates: number }
  /** Poison: kept aside, acknowledged, and without a receipt, because it names no batch. */
  | { readonly kind: 'quarantined'; readonly reason: string }

export interface UploadArrival {
  readonly line: UploadLine
  readonly lease: LineLease
  readonly receivedAt: Instant
}

/** Stores one upload as a whole: readings, frames, what was kept aside, and the line's sums. Repeating it changes nothing. */
export async function ingestUpload(database: Database, at: UploadArrival, payload: Buffer): Promise<UploadIngested> {
  const parsed = parseUpload(payload)
  if (!parsed.ok) return keepAside(database, at, { reason: parsed.error.kind, payload })
  if (parsed.value.concentrator !== at.line.code)
    return keepAside(database, at, { reason: 'wrong_concentrator', payload })
  return storeUpload(database, at, parsed.value, payload.length)
}

async function keepAside(
  database: Database,
  { lease, receivedAt }: UploadArrival,
  { reason, payload }: { readonly reason: string; readonly payload: Buffer },
): Promise<UploadIngested> {
  await storeCollected(database, {
    ...emptyBatch(lease, receivedAt),
    quarantined: [{ reason, payload, receivedAt }],
  })
  return { kind: 'quarantined', reason }
}

async function storeUpload(
  database: Database,
  { line, lease, receivedAt }: UploadArrival,
  upload: Upload,
  payloadBytes: number,
): Promise<UploadIngested> {
  const content = readUpload(upload.items.map(({ frame }) => frame))
  const addresses = [...new Set(content.freezes.map((freeze) => freeze.communicationAddress))]
  const meters = await installedMeters(database, { lineId: line.lineId, addresses, knownAt: receivedAt })
  const { readings, rejected } = assignFreezes(content.freezes, meters, receivedAt)
  const old = readings.map(({ readAt }) => readAt).filter((stamp) => needsOldPartition(stamp, receivedAt))
  for (const stamp of new Set(old)) {
    if (isPlausibleStamp(stamp, receivedAt)) await ensureTimePartitions(database, stamp, stamp + 1)
  }
  const receipt = { concentrator: upload.concentrator, batch: upload.batch }
  const { stored, disputed, duplicates } = await storeCollected(database, {
    ...emptyBatch(lease, receivedAt),
    readings,
    quarantined: [...content.rejected, ...rejected].map((each) => toQuarantined(each, receivedAt)),
    statistics: statisticsOf(line, receivedAt, upload, content, payloadBytes),
    countOnlyIfNew: true,
  })
  return { kind: 'stored', receipt, stored: stored + disputed, duplicates }
}

function emptyBatch(lease: LineLease, recordedAt: Instant) {
  return { lease, recordedAt, readings: [], failures: [], quarantined: [], statistics: null, countOnlyIfNew: true }
}

function statisticsOf(
  line: UploadLine,
  receivedAt: Instant,
  upload: Upload,
  content: UploadContent,
  payloadBytes: number,
): WindowStatistics {
  const rejectedFor = (reason: string) => content.rejected.filter((each) => each.reason === reason).length
  const damaged = rejectedFor('frame_damaged')
  return {
    windowStart: line.calendar.startOfDay(line.calendar.dateAt(receivedAt)) + line.windowOpensMs,
    windowKey: `upload-${upload.batch}`,
    requests: 0,
    replies: upload.items.length - damaged,
    bytesOut: encodeReceipt(upload).length,
    bytesIn: payloadBytes,
    damaged,
    refused: rejectedFor('refused'),
    repaired: 0,
    timeouts: 0,
  }
}
