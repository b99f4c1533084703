import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedValue, CountedEvents, ValueFrame } from '../../storage/headend/collected-values.js'
import type { QuarantinedMessage } from '../../storage/headend/collected.js'
import type { InstalledMeter } from '../../storage/headend/lines.js'
import { quarterHourRecords } from '../reading-sets/curve-source.js'
import { type UploadedItem, valuesOfUpload } from '../reading-sets/upload-values.js'
import { isInstalledAt, type UploadedFrame } from './upload-readings.js'

export interface UploadSets {
  readonly lineId: LineId
  readonly values: readonly CollectedValue[]
  readonly counts: readonly CountedEvents[]
  readonly quarantined: readonly QuarantinedMessage[]
}

export interface UploadSetsOptions {
  readonly lineId: LineId
  readonly metersAt: (communicationAddress: string) => readonly InstalledMeter[]
  readonly receivedAt: Instant
  /** When the concentrator got a frame, by its own word; null where it says nothing. */
  readonly readAtOf: (frame: Buffer) => Instant | null
}

/**
 * Values of reading sets in an upload. All their replies side by side are one frame, of which each value names its slice. What is no
 * value, or of nobody, is kept aside frame by frame.
 */
export function collectSets(
  others: readonly UploadedFrame[],
  { lineId, metersAt, receivedAt, readAtOf }: UploadSetsOptions,
): UploadSets {
  const aside = (reason: string, payload: Buffer): QuarantinedMessage => ({ reason, payload, receivedAt })
  const placed = others.map((other) => ({ other, meter: meterOf(other) }))
  const known = placed.flatMap(({ other, meter }) => (meter === undefined ? [] : [{ other, meter }]))
  const response = Buffer.concat(known.map(({ other }) => other.frame))
  const frame: ValueFrame = { protocol: 'dlt645_2007', request: null, response, receivedAt }
  let offset = 0
  const frames = new Map<UploadedItem, Buffer>()
  for (const { other, meter } of known) {
    const { dataIdentifier, payload } = other
    const slice = { offset, length: other.frame.length }
    offset += slice.length
    const readAt = readAtOf(other.frame)
    const { meterId, registerDigits } = meter
    const evidence = { frame, slice }
    const item = { meterId, registerDigits, edition: '2007', dataIdentifier, payload, readAt, evidence } as const
    frames.set(item, other.frame)
  }
  const { values, counts, problems } = valuesOfUpload([...frames.keys()], quarterHourRecords)
  return {
    lineId,
    values,
    counts,
    quarantined: [
      ...placed.flatMap(({ other, meter }) => (meter === undefined ? [aside('unknown_meter', other.frame)] : [])),
      ...problems.map(({ item, cause }) => aside(cause, frames.get(item) ?? item.payload)),
    ],
  }

  function meterOf({ communicationAddress, frame: reply }: UploadedFrame): InstalledMeter | undefined {
    const at = readAtOf(reply) ?? receivedAt
    return metersAt(communicationAddress).find((each) => isInstalledAt(each, at))
  }
}
