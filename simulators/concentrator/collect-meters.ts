import type { Instant } from '../../domain/time.js'
import type { EnvelopeFrame, EnvelopeReading } from '../../protocols/concentrator/envelope-content.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { fieldsFor } from '../../protocols/dlt645/data-item.js'
import { identifierOf } from '../../protocols/dlt645/data-items.js'
import { readFields } from '../../protocols/dlt645/field.js'
import { openFrame } from '../../protocols/dlt645/frame.js'
import { encodeReadRequest, parseReply } from '../../protocols/dlt645/messages-2007.js'
import { frameStart } from '../../protocols/stream-splitter.js'
import type { LineMeters } from '../line-meters.js'

/** What a concentrator brings from one meter: replies as they are, or the values that it decoded. */
export interface MeterHarvest {
  readonly address: string
  readonly frames: readonly EnvelopeFrame[]
  readonly readings: readonly EnvelopeReading[]
}

const freezeIdentifiers = [
  identifierOf('daily_freeze_stamp', 1),
  identifierOf('daily_freeze_forward_active', 1),
] as const
/** Forward active energy, in total and by tariff. */
const registerIdentifiers = ['00010000', '00010100', '00010200', '00010300', '00010400'] as const

/** Stamp and registers of last midnight's freeze, as the meter answered, without wake-up bytes. */
export function collectFreeze(line: LineMeters, address: string, now: Instant): MeterHarvest {
  const frames = freezeIdentifiers.flatMap((dataIdentifier) => {
    const reply = askMeter(line, encodeReadRequest(address, dataIdentifier), now)
    return reply === null ? [] : [{ bytes: reply, meter: address, time: now }]
  })
  return { address, frames, readings: [] }
}

/** The registers as they stand, decoded by the concentrator. */
export function collectRegisters(line: LineMeters, address: string, now: Instant): MeterHarvest {
  const readings = registerIdentifiers.flatMap((dataIdentifier) => readValue(line, address, dataIdentifier, now) ?? [])
  return { address, frames: [], readings }
}

/** One value by its identifier; null when the meter keeps silent, refuses, or answers with anything but one value. */
export function readValue(
  line: LineMeters,
  address: string,
  dataIdentifier: string,
  now: Instant,
): EnvelopeReading | null {
  const bytes = askMeter(line, encodeReadRequest(address, dataIdentifier), now)
  const reply = bytes === null ? null : parseReply(openFrame(bytes))
  if (reply === null || !reply.ok || reply.value.kind !== 'data') return null
  const item = findDataItem('2007', dataIdentifier)
  const fields = item === null ? null : fieldsFor(item.layout, reply.value.payload.length)
  const [field, other] = fields === null ? [] : readFields(fields, reply.value.payload)
  if (field === undefined || other !== undefined || field.value === null) return null
  return { meter: address, dataIdentifier, value: field.value, rawValue: null, unit: field.unit, time: now }
}

/** The reply from 68H on; null for silence, and for meters that talk at once. The carrier itself is not simulated. */
export function askMeter(line: LineMeters, request: Buffer, now: Instant): Buffer | null {
  const [answer, other] = line.answers(openFrame(request), now)
  if (answer === undefined || other !== undefined) return null
  return answer.reply.subarray(answer.reply.indexOf(frameStart))
}
