import { groupBy } from '../../domain/group-by.js'
import type { LineId } from '../../domain/reading.js'
import type { Calendar, Instant } from '../../domain/time.js'
import { encodeReceipt, parseUpload, type Receipt, type Upload } from '../../protocols/concentrator/messages.js'
import type { WindowStatistics } from '../../storage/headend/collected.js'
import type { InstalledMeter, LineAddress } from '../../storage/headend/lines.js'
import type { CollectedUpload } from '../../storage/headend/store-uploads.js'
import { packFrame, placeFreezes, readUpload, toQuarantined, type UploadContent } from './upload-readings.js'

/** The concentrator line from which an upload came. */
export interface UploadLine {
  readonly lineId: LineId
  readonly code: string
  readonly calendar: Calendar
  /** Milliseconds after local midnight at which the window begins that the statistics belong to. */
  readonly windowOpensMs: number
}

/** A message of a concentrator as a transport delivers it. */
export interface ArrivedUpload {
  /** Null when no line of the registry has the topic. */
  readonly line: UploadLine | null
  readonly payload: Buffer
  readonly receivedAt: Instant
  /** The broker says that it delivered the message before. */
  readonly redelivered: boolean
  /**
   * Called after the commit: publishes the receipt (null for what names no batch) and lets the broker forget the message. Called in
   * the order of arrival; what it rejects with is of no consequence, because whoever has no receipt sends again.
   */
  readonly confirm: (receipt: Receipt | null) => Promise<void>
}

/** An upload whose bytes are understood as far as that is possible without the registry. */
export type ReadUpload =
  | { readonly kind: 'poison'; readonly arrived: ArrivedUpload; readonly reason: string }
  | {
      readonly kind: 'upload'
      readonly arrived: ArrivedUpload
      readonly line: UploadLine
      readonly upload: Upload
      readonly content: UploadContent
    }

export function readArrived(arrived: ArrivedUpload): ReadUpload {
  const { line, payload } = arrived
  if (line === null) return { kind: 'poison', arrived, reason: 'unknown_line' }
  const parsed = parseUpload(payload)
  if (!parsed.ok) return { kind: 'poison', arrived, reason: parsed.error.kind }
  const upload = parsed.value
  if (upload.concentrator !== line.code) return { kind: 'poison', arrived, reason: 'wrong_concentrator' }
  return { kind: 'upload', arrived, line, upload, content: readUpload(upload.items.map(({ frame }) => frame)) }
}

/** Null for poison: it names no batch. */
export function receiptOf(read: ReadUpload): Receipt | null {
  if (read.kind === 'poison') return null
  const { concentrator, batch } = read.upload
  return { concentrator, batch }
}

/** The addresses under which the meters of these uploads hang on their lines, each once. */
export function addressesOf(uploads: readonly ReadUpload[]): readonly LineAddress[] {
  const addresses = new Map<string, LineAddress>()
  for (const upload of uploads) {
    if (upload.kind === 'poison') continue
    const { lineId } = upload.line
    for (const { communicationAddress } of upload.content.freezes) {
      const address = { lineId, communicationAddress }
      addresses.set(keyOf(address), address)
    }
  }
  return [...addresses.values()]
}

/** `isRepeated` says of which uploads the readings may be stored already. */
export function collectUploads(
  uploads: readonly ReadUpload[],
  meters: readonly InstalledMeter[],
  isRepeated: (upload: ReadUpload) => boolean,
): readonly CollectedUpload[] {
  const byAddress = groupBy(meters, keyOf)
  return uploads.map((upload) => ({ ...collectUpload(upload, byAddress), repeated: isRepeated(upload) }))
}

function collectUpload(
  read: ReadUpload,
  byAddress: ReadonlyMap<string, readonly InstalledMeter[]>,
): Omit<CollectedUpload, 'repeated'> {
  const { payload, receivedAt } = read.arrived
  if (read.kind === 'poison') {
    const lineId = read.arrived.line?.lineId ?? null
    return { lineId, frame: null, quarantined: [{ reason: read.reason, payload, receivedAt }], statistics: null }
  }
  const { line, content } = read
  const { lineId } = line
  const metersAt = (communicationAddress: string) => byAddress.get(keyOf({ lineId, communicationAddress })) ?? []
  const { placed, rejected } = placeFreezes(content.freezes, metersAt, receivedAt)
  return {
    lineId,
    frame: packFrame(lineId, placed, receivedAt),
    quarantined: [...content.rejected, ...rejected].map((each) => toQuarantined(each, receivedAt)),
    statistics: statisticsOf(line, receivedAt, read.upload, content, payload.length),
  }
}

function keyOf({ lineId, communicationAddress }: LineAddress): string {
  return `${lineId}/${communicationAddress}`
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
