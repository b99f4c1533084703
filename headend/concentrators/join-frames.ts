import type { Clock, Timer } from '../../domain/runtime.js'
import { minuteMs } from '../../domain/time.js'
import { type EnvelopeProfile, formsOf, holdsMany } from '../../protocols/concentrator/envelope-profile.js'
import { findItem } from '../../protocols/dlt645/data-items.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import { parseReply } from '../../protocols/dlt645/messages-2007.js'
import type { ConcentratorUpload } from './concentrator-upload.js'

/** A message whose acknowledgement is still held. */
export interface HeldUpload {
  readonly upload: ConcentratorUpload
  readonly acknowledge: () => void
}

/** `pass` takes it, or what it was joined with, to be stored. */
export interface JoinableUpload extends HeldUpload {
  readonly pass: (held: HeldUpload) => void
}

/** Brings a freeze's stamp and its registers together where each comes in a message of its own. */
export interface FrameJoiner {
  readonly push: (lineCode: string, held: JoinableUpload) => void
  /** Gives up whatever still waits; the broker delivers it again. */
  readonly close: () => void
}

/** A unit asks for the registers right after the stamp; a carrier takes seconds for each. */
const joinWithinMs = 2 * minuteMs

/** Whether a message of this envelope may hold one frame only. */
export function bringsSingleFrames(profile: EnvelopeProfile): boolean {
  return formsOf(profile, 'up').some((form) => !holdsMany(form))
}

/**
 * A stamp waits for the registers of its meter and is delivered with them, both acknowledged together; alone when they do not come
 * in time. Everything else goes through at once.
 */
export function createFrameJoiner(clock: Clock): FrameJoiner {
  const stamps = new Map<string, { readonly held: JoinableUpload; readonly index: number; readonly timer: Timer }>()

  function takeStamp(key: string) {
    const stamp = stamps.get(key)
    stamp?.timer.cancel()
    stamps.delete(key)
    return stamp
  }

  return {
    push(lineCode, held) {
      const part = freezePartOf(held.upload)
      if (part === null) return held.pass(held)
      const key = `${lineCode} ${part.address}`
      const stamp = takeStamp(key)
      if (part.name === 'daily_freeze_forward_active' && stamp?.index === part.index)
        return held.pass(joined(stamp.held, held))
      stamp?.held.pass(stamp.held)
      if (part.name === 'daily_freeze_forward_active') return held.pass(held)
      const timer = clock.setTimer(joinWithinMs, () => {
        if (takeStamp(key) !== undefined) held.pass(held)
      })
      stamps.set(key, { held, index: part.index, timer })
    },
    close() {
      for (const { timer } of stamps.values()) timer.cancel()
      stamps.clear()
    },
  }
}

function joined(first: HeldUpload, second: HeldUpload): HeldUpload {
  return {
    upload: { ...second.upload, frames: [...first.upload.frames, ...second.upload.frames] },
    acknowledge() {
      first.acknowledge()
      second.acknowledge()
    },
  }
}

interface FreezePart {
  readonly address: string
  readonly name: 'daily_freeze_stamp' | 'daily_freeze_forward_active'
  readonly index: number
}

function freezePartOf({ frames }: ConcentratorUpload): FreezePart | null {
  const [bytes, other] = frames
  const frame = bytes === undefined || other !== undefined ? null : decodeFrame(bytes)
  const reply = frame?.ok === true ? parseReply(frame.value) : null
  if (reply?.ok !== true || reply.value.kind !== 'data') return null
  const item = findItem(reply.value.dataIdentifier)
  if (item?.name !== 'daily_freeze_stamp' && item?.name !== 'daily_freeze_forward_active') return null
  return { address: reply.value.address, name: item.name, index: item.index }
}
