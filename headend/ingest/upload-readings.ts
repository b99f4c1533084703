import { groupBy } from '../../domain/group-by.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { decodeItem, findItem } from '../../protocols/dlt645/data-items.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import { parseReply } from '../../protocols/dlt645/messages-2007.js'
import type { CollectedReading, QuarantinedMessage } from '../../storage/headend/collected.js'
import type { InstalledMeter } from '../../storage/headend/lines.js'
import { nominalMidnight } from '../acquisition/nominal-midnight.js'
import { freezeSource } from '../acquisition/reading-source.js'

/** What an upload holds, frame by frame, before anybody is asked which meters these are. */
export interface UploadContent {
  readonly freezes: readonly UploadedFreeze[]
  readonly rejected: readonly RejectedFrame[]
}

export interface UploadedFreeze {
  readonly communicationAddress: string
  readonly stamp: Instant
  readonly registers: CollectedReading['registers']
  /** The stamp's reply and then the registers' reply. */
  readonly response: Buffer
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
  | 'unknown_meter'

interface Stamp {
  readonly index: number
  readonly stamp: Instant
  readonly frame: Buffer
}

/** Pairs each meter's freeze stamp with the registers that follow it under the same index. */
export function readUpload(frames: readonly Buffer[]): UploadContent {
  const freezes: UploadedFreeze[] = []
  const rejected: RejectedFrame[] = []
  const stamps = new Map<string, Stamp>()
  for (const frame of frames) {
    const parsed = parseFreezeFrame(frame)
    if (!parsed.ok) {
      rejected.push({ reason: parsed.error.kind, payload: frame })
      continue
    }
    const part = parsed.value
    const stamp = stamps.get(part.address)
    stamps.delete(part.address)
    if (part.kind === 'stamp') {
      if (stamp !== undefined) rejected.push({ reason: 'stamp_without_registers', payload: stamp.frame })
      stamps.set(part.address, { ...part, frame })
    } else if (stamp?.index === part.index) {
      const response = Buffer.concat([stamp.frame, frame])
      freezes.push({ communicationAddress: part.address, stamp: stamp.stamp, registers: part.registers, response })
    } else {
      rejected.push({ reason: 'registers_without_stamp', payload: frame })
    }
  }
  for (const { frame } of stamps.values()) rejected.push({ reason: 'stamp_without_registers', payload: frame })
  return { freezes, rejected }
}

type FreezePart =
  | { readonly kind: 'stamp'; readonly address: string; readonly index: number; readonly stamp: Instant }
  | {
      readonly kind: 'registers'
      readonly address: string
      readonly index: number
      readonly registers: CollectedReading['registers']
    }

function parseFreezeFrame(bytes: Buffer): Result<FreezePart, { readonly kind: UploadProblem }> {
  const frame = decodeFrame(bytes)
  if (!frame.ok) return err({ kind: 'frame_damaged' })
  const reply = parseReply(frame.value)
  if (!reply.ok) return err({ kind: 'not_a_reply' })
  if (reply.value.kind === 'refused') return err({ kind: 'refused' })
  const { address, dataIdentifier, payload } = reply.value
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
  return err({ kind: 'unknown_item' })
}

function problemOf(error: { readonly kind: string }): { readonly kind: UploadProblem } {
  return { kind: error.kind === 'value_absent' ? 'value_absent' : 'value_invalid' }
}

/** Gives each freeze to the meter that hung on the concentrator's line under that address at that midnight. */
export function assignFreezes(
  freezes: readonly UploadedFreeze[],
  meters: readonly InstalledMeter[],
  receivedAt: Instant,
): { readonly readings: readonly CollectedReading[]; readonly rejected: readonly RejectedFrame[] } {
  const byAddress = groupBy(meters, ({ communicationAddress }) => communicationAddress)
  const readings: CollectedReading[] = []
  const rejected: RejectedFrame[] = []
  for (const freeze of freezes) {
    const readAt = nominalMidnight(freeze.stamp)
    const candidates = byAddress.get(freeze.communicationAddress) ?? []
    const meter = readAt === null ? undefined : candidates.find((each) => isInstalledAt(each, readAt))
    if (readAt === null) rejected.push({ reason: 'stamp_not_midnight', payload: freeze.response })
    else if (meter === undefined) rejected.push({ reason: 'unknown_meter', payload: freeze.response })
    else readings.push(toReading(freeze, meter, readAt, receivedAt))
  }
  return { readings, rejected }
}

function isInstalledAt({ effectiveFrom, effectiveTo }: InstalledMeter, instant: Instant): boolean {
  return effectiveFrom <= instant && (effectiveTo === null || instant < effectiveTo)
}

function toReading(
  freeze: UploadedFreeze,
  meter: InstalledMeter,
  readAt: Instant,
  receivedAt: Instant,
): CollectedReading {
  return {
    meterId: meter.meterId,
    quantity: 'forward_active_energy',
    readAt,
    registers: freeze.registers,
    source: freezeSource(readAt, receivedAt),
    protocol: 'dlt645_2007',
    request: null,
    response: freeze.response,
    receivedAt,
  }
}

export function toQuarantined({ reason, payload }: RejectedFrame, receivedAt: Instant): QuarantinedMessage {
  return { reason, payload, receivedAt }
}
