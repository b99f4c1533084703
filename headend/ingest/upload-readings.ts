import { widthE4 } from '../../domain/register-width.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { decodeItem, findItem } from '../../protocols/dlt645/data-items.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import { parseReply } from '../../protocols/dlt645/messages-2007.js'
import type { LineId, RegisterSet } from '../../domain/reading.js'
import type { CollectedFrame, FrameReading, QuarantinedMessage } from '../../storage/headend/collected.js'
import type { InstalledMeter } from '../../storage/headend/lines.js'
import { isPlausibleStamp } from '../../storage/headend/store-collected.js'
import { hundredthE4, tariffsContradict } from '../acquisition/contradicting-tariffs.js'
import { nominalMidnight } from '../acquisition/nominal-midnight.js'
import { freezeSource } from '../acquisition/reading-source.js'

/** What an upload holds, frame by frame, before anybody is asked which meters these are. */
export interface UploadContent {
  readonly freezes: readonly UploadedFreeze[]
  /** Items of reading sets, as the meters gave them. */
  readonly others: readonly UploadedFrame[]
  readonly rejected: readonly RejectedFrame[]
}

export interface UploadedFreeze {
  readonly communicationAddress: string
  readonly stamp: Instant
  readonly registers: RegisterSet
  /** The stamp's reply and then the registers' reply. */
  readonly replies: readonly [Buffer, Buffer]
}

/** A reply about anything but a daily freeze. */
export interface UploadedFrame {
  readonly communicationAddress: string
  readonly dataIdentifier: string
  readonly payload: Buffer
  readonly frame: Buffer
}

export interface RejectedFrame {
  readonly reason: UploadProblem
  readonly payload: Buffer
}

/** Why bytes of an upload are kept aside instead of becoming a reading. */
export type UploadProblem =
  | 'frame_damaged'
  | 'not_a_reply'
  | 'refused'
  | 'unknown_item'
  | 'value_absent'
  | 'value_invalid'
  | 'registers_without_stamp'
  | 'stamp_without_registers'
  | 'stamp_not_midnight'
  | 'stamp_out_of_range'
  | 'unknown_meter'
  | 'register_too_wide'
  | 'tariffs_contradict_total'

interface Stamp {
  readonly index: number
  readonly stamp: Instant
  readonly frame: Buffer
}

/** Pairs each meter's freeze stamp with the registers that follow it under the same index. */
export function readUpload(frames: readonly Buffer[]): UploadContent {
  const freezes: UploadedFreeze[] = []
  const others: UploadedFrame[] = []
  const rejected: RejectedFrame[] = []
  const stamps = new Map<string, Stamp>()
  for (const frame of frames) {
    const parsed = parseFreezeFrame(frame)
    if (!parsed.ok) {
      rejected.push({ reason: parsed.error.kind, payload: frame })
      continue
    }
    const part = parsed.value
    if (part.kind === 'other') {
      const { address: communicationAddress, dataIdentifier, payload } = part
      others.push({ communicationAddress, dataIdentifier, payload, frame })
      continue
    }
    const stamp = stamps.get(part.address)
    stamps.delete(part.address)
    if (part.kind === 'stamp') {
      if (stamp !== undefined) rejected.push({ reason: 'stamp_without_registers', payload: stamp.frame })
      stamps.set(part.address, { ...part, frame })
    } else if (stamp?.index === part.index) {
      const replies = [stamp.frame, frame] as const
      freezes.push({ communicationAddress: part.address, stamp: stamp.stamp, registers: part.registers, replies })
    } else {
      rejected.push({ reason: 'registers_without_stamp', payload: frame })
    }
  }
  for (const { frame } of stamps.values()) rejected.push({ reason: 'stamp_without_registers', payload: frame })
  return { freezes, others, rejected }
}

type FreezePart =
  | { readonly kind: 'stamp'; readonly address: string; readonly index: number; readonly stamp: Instant }
  | {
      readonly kind: 'registers'
      readonly address: string
      readonly index: number
      readonly registers: RegisterSet
    }
  | { readonly kind: 'other'; readonly address: string; readonly dataIdentifier: string; readonly payload: Buffer }

function parseFreezeFrame(bytes: Buffer): Result<FreezePart, { readonly kind: UploadProblem }> {
  const frame = decodeFrame(bytes)
  if (!frame.ok) return err({ kind: 'frame_damaged' })
  const reply = parseReply(frame.value)
  if (!reply.ok) return err({ kind: 'not_a_reply' })
  if (reply.value.kind === 'refused') return err({ kind: 'refused' })
  const { address, dataIdentifier, payload, followUp } = reply.value
  const item = findItem(dataIdentifier)
  if (item?.name === 'daily_freeze_stamp') {
    const stamp = decodeItem('daily_freeze_stamp', payload)
    return stamp.ok
      ? ok({ kind: 'stamp', address, index: item.index, stamp: stamp.value })
      : err(problemOf(stamp.error))
  }
  if (item?.name === 'daily_freeze_forward_active') {
    const registers = decodeItem('daily_freeze_forward_active', payload)
    return registers.ok
      ? ok({ kind: 'registers', address, index: item.index, registers: registers.value })
      : err(problemOf(registers.error))
  }
  // Of an item in several parts only the first is a reply to a read; it says nothing alone.
  return followUp ? err({ kind: 'unknown_item' }) : ok({ kind: 'other', address, dataIdentifier, payload })
}

function problemOf(error: { readonly kind: string }): { readonly kind: UploadProblem } {
  return { kind: error.kind === 'value_absent' ? 'value_absent' : 'value_invalid' }
}

/** A freeze whose meter and midnight are known. */
export interface PlacedFreeze extends Omit<FrameReading, 'slice'> {
  readonly replies: readonly [Buffer, Buffer]
}

/** Gives each freeze to the meter that hung on the concentrator's line under that address at that midnight. */
export function placeFreezes(
  freezes: readonly UploadedFreeze[],
  metersAt: (communicationAddress: string) => readonly InstalledMeter[],
  receivedAt: Instant,
): { readonly placed: readonly PlacedFreeze[]; readonly rejected: readonly RejectedFrame[] } {
  const placed: PlacedFreeze[] = []
  const rejected: RejectedFrame[] = []
  for (const freeze of freezes) {
    const place = placeFreeze(freeze, metersAt(freeze.communicationAddress), receivedAt)
    if (place.ok) placed.push(place.value)
    else rejected.push({ reason: place.error.kind, payload: Buffer.concat(freeze.replies) })
  }
  return { placed, rejected }
}

function placeFreeze(
  { stamp, registers, replies }: UploadedFreeze,
  candidates: readonly InstalledMeter[],
  receivedAt: Instant,
): Result<PlacedFreeze, { readonly kind: UploadProblem }> {
  const readAt = nominalMidnight(stamp)
  if (readAt === null) return err({ kind: 'stamp_not_midnight' })
  if (!isPlausibleStamp(readAt, receivedAt)) return err({ kind: 'stamp_out_of_range' })
  const meter = candidates.find((each) => isInstalledAt(each, readAt))
  if (meter === undefined) return err({ kind: 'unknown_meter' })
  if (!fitsRegisters(registers, meter)) return err({ kind: 'register_too_wide' })
  // A line asks again and believes what a meter says twice. A concentrator only repeats what it has, so this is for others to ask again.
  if (tariffsContradict(registers, { ...meter, stepE4: hundredthE4, isComplete: true }))
    return err({ kind: 'tariffs_contradict_total' })
  const { meterId } = meter
  const source = freezeSource(readAt, receivedAt)
  return ok({ meterId, quantity: 'forward_active_energy', readAt, registers, source, replies })
}

export function isInstalledAt({ effectiveFrom, effectiveTo }: InstalledMeter, instant: Instant): boolean {
  return effectiveFrom <= instant && (effectiveTo === null || instant < effectiveTo)
}

/** Decimal digits are no proof: a meter never shows more of them than its registers have, so the value is another's or damaged. */
export function fitsRegisters({ totalE4, touE4 }: RegisterSet, meter: InstalledMeter): boolean {
  const width = widthE4(meter)
  return totalE4 < width && touE4.every((value) => value === null || value < width)
}

/**
 * One frame for all readings of an upload: the replies of each freeze side by side, so that a slice holds one meter's alone. Null
 * when there is none.
 */
export function packFrame(
  lineId: LineId,
  freezes: readonly PlacedFreeze[],
  receivedAt: Instant,
): CollectedFrame | null {
  const [first] = freezes
  if (first === undefined) return null
  let offset = 0
  const readings = freezes.map(({ replies: [stamp, values], ...reading }): FrameReading => {
    const slice = { offset, length: stamp.length + values.length }
    offset += slice.length
    return { ...reading, slice }
  })
  return {
    lineId,
    meterId: freezes.length === 1 ? first.meterId : null,
    protocol: 'dlt645_2007',
    request: null,
    response: Buffer.concat(freezes.flatMap(({ replies }) => replies)),
    receivedAt,
    readings,
  }
}

export function toQuarantined({ reason, payload }: RejectedFrame, receivedAt: Instant): QuarantinedMessage {
  return { reason, payload, receivedAt }
}
