import { createHash } from 'node:crypto'
import { groupBy } from '../../domain/group-by.js'
import type { LineId } from '../../domain/reading.js'
import type { Result } from '../../domain/result.js'
import type { Calendar, Instant } from '../../domain/time.js'
import type { WindowStatistics } from '../../storage/headend/collected.js'
import type { InstalledMeter, LineAddress } from '../../storage/headend/lines.js'
import type { CollectedUpload } from '../../storage/headend/store-uploads.js'
import type { ConcentratorUpload, UploadRefused } from '../concentrators/concentrator-upload.js'
import { packValues, placeValues, readValues, type UploadedValues } from '../concentrators/uploaded-values.js'
import { collectSets } from './upload-sets.js'
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
  /** Understands the payload under the envelope of its line; called when its turn comes. */
  readonly read: () => Result<ConcentratorUpload, UploadRefused>
  /** Length of the receipt that names a batch; 0 where there are none. */
  readonly receiptBytes: (batch: string | null) => number
  readonly receivedAt: Instant
  /** The broker says that it delivered the message before. */
  readonly redelivered: boolean
  /**
   * Called after the commit with the key that a receipt names (null for what names none): publishes the receipt and lets the broker
   * forget the message. Called in the order of arrival; what it rejects with is of no consequence, because whoever has no receipt
   * sends again.
   */
  readonly confirm: (batch: string | null) => Promise<unknown>
}

/** An upload whose bytes are understood as far as that is possible without the registry. */
export type ReadUpload =
  | { readonly kind: 'poison'; readonly arrived: ArrivedUpload; readonly reason: string }
  | {
      readonly kind: 'upload'
      readonly arrived: ArrivedUpload
      readonly line: UploadLine
      readonly upload: ConcentratorUpload
      readonly content: UploadContent
      readonly values: UploadedValues
    }

export function readArrived(arrived: ArrivedUpload): ReadUpload {
  const { line } = arrived
  if (line === null) return { kind: 'poison', arrived, reason: 'unknown_line' }
  const read = arrived.read()
  if (!read.ok) return { kind: 'poison', arrived, reason: read.error.kind }
  const upload = read.value
  const content = readUpload(upload.frames)
  return { kind: 'upload', arrived, line, upload, content, values: readValues(upload.values) }
}

/** What a receipt names; null for poison and for envelopes without keys. */
export function batchOf(read: ReadUpload): string | null {
  return read.kind === 'poison' ? null : read.upload.batch
}

/** The addresses under which the meters of these uploads hang on their lines, each once. */
export function addressesOf(uploads: readonly ReadUpload[]): readonly LineAddress[] {
  const ofLines = new Map<LineId, Set<string>>()
  for (const upload of uploads) {
    if (upload.kind === 'poison') continue
    const { lineId } = upload.line
    const known = ofLines.get(lineId) ?? new Set()
    ofLines.set(lineId, known)
    const { freezes, others } = upload.content
    for (const part of [freezes, others, upload.values.sets])
      for (const { communicationAddress } of part) known.add(communicationAddress)
  }
  return [...ofLines].flatMap(([lineId, addresses]) =>
    [...addresses].map((communicationAddress) => ({ lineId, communicationAddress })),
  )
}

type MetersOfLine = ReadonlyMap<string, readonly InstalledMeter[]>

/** `isRepeated` says of which uploads the readings may be stored already. */
export function collectUploads(
  uploads: readonly ReadUpload[],
  meters: readonly InstalledMeter[],
  isRepeated: (upload: ReadUpload) => boolean,
): readonly CollectedUpload[] {
  const ofLines = new Map<LineId, MetersOfLine>()
  for (const [lineId, its] of groupBy(meters, (meter) => meter.lineId))
    ofLines.set(
      lineId,
      groupBy(its, ({ communicationAddress }) => communicationAddress),
    )
  return uploads.map((upload) => ({ ...collectUpload(upload, ofLines), repeated: isRepeated(upload) }))
}

function collectUpload(
  read: ReadUpload,
  ofLines: ReadonlyMap<LineId, MetersOfLine>,
): Omit<CollectedUpload, 'repeated'> {
  const { payload, receivedAt } = read.arrived
  if (read.kind === 'poison') {
    const lineId = read.arrived.line?.lineId ?? null
    const quarantined = [{ reason: read.reason, payload, receivedAt }]
    return { lineId, frame: null, sets: null, quarantined, statistics: null }
  }
  const { line, upload, content, values } = read
  const { lineId } = line
  const ofLine = ofLines.get(lineId)
  const metersAt = (communicationAddress: string) => ofLine?.get(communicationAddress) ?? []
  const { placed, rejected } = placeFreezes(content.freezes, metersAt, receivedAt)
  const registers = placeValues(values.sets, metersAt, receivedAt)
  const readAtOf = (frame: Buffer) => upload.times?.get(frame) ?? null
  const { others } = content
  const sets = others.length === 0 ? null : collectSets(others, { lineId, metersAt, receivedAt, readAtOf })
  const problems = [...new Set([...values.problems, ...registers.problems])]
  return {
    lineId,
    frame: packFrame(lineId, placed, receivedAt) ?? packValues(lineId, registers.placed, receivedAt),
    sets: sets === null || sets.values.length + sets.counts.length === 0 ? null : sets,
    quarantined: [
      ...(sets?.quarantined ?? []),
      ...[...content.rejected, ...rejected].map((each) => toQuarantined(each, receivedAt)),
      ...problems.map((reason) => ({ reason, payload, receivedAt })),
    ],
    statistics: statisticsOf(read),
  }
}

function statisticsOf({ line, arrived, upload, content }: Extract<ReadUpload, { kind: 'upload' }>): WindowStatistics {
  const { payload, receiptBytes, receivedAt } = arrived
  const rejectedFor = (reason: string) => content.rejected.filter((each) => each.reason === reason).length
  const damaged = rejectedFor('frame_damaged')
  return {
    windowStart: line.calendar.startOfDayAt(receivedAt) + line.windowOpensMs,
    windowKey: `upload-${upload.batch ?? digestOf(payload)}`,
    requests: 0,
    replies: upload.frames.length + upload.values.length - damaged,
    bytesOut: receiptBytes(upload.batch),
    bytesIn: payload.length,
    damaged,
    refused: rejectedFor('refused'),
    repaired: 0,
    timeouts: 0,
  }
}

/** Stands for the key that an envelope does not have: the same bytes again are the same upload. */
function digestOf(payload: Buffer): string {
  return createHash('sha256').update(payload).digest('hex').slice(0, 16)
}
