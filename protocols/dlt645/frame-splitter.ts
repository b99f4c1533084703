import { decodeFrame, type Frame, frameLength, frameStart, headerBytes, headerError, wakeUpByte } from './frame.js'

export interface SplitFrame {
  readonly frame: Frame
  /** From 68H to 16H as received, without wake-up bytes. */
  readonly bytes: Buffer
}

/** Cuts a byte stream into frames. Holds fewer bytes than one frame between calls, whatever arrives. */
export interface FrameSplitter {
  /** Frames completed by these bytes. */
  readonly push: (chunk: Uint8Array) => readonly SplitFrame[]
  /**
   * The line has been silent for longer than the inter-byte time: whatever still waits for bytes is no frame, but a good frame
   * may stand behind a garbled length. Afterwards nothing waits.
   */
  readonly timeout: () => readonly SplitFrame[]
  /** Bytes that belonged to no frame, wake-up bytes not counted. */
  readonly discardedBytes: number
  /** Sound headers whose frame then failed its length, checksum or end, or never came whole. */
  readonly damagedFrames: number
}

type Look = 'nothing' | 'wait' | 'not_a_frame' | 'damaged' | SplitFrame

/**
 * A start that turns out to open no frame costs one byte, never the buffer: 68H and 16H also occur inside addresses,
 * data and checksums, and a good frame may begin anywhere behind a broken one.
 */
export function createFrameSplitter(): FrameSplitter {
  let pending = Buffer.alloc(0)
  let discardedBytes = 0
  let damagedFrames = 0

  function drop(count: number): void {
    for (const byte of pending.subarray(0, count)) if (byte !== wakeUpByte) discardedBytes += 1
    pending = pending.subarray(count)
  }

  function takeFrames(lineIsSilent: boolean): SplitFrame[] {
    const frames: SplitFrame[] = []
    for (;;) {
      drop(bytesBeforeStart(pending))
      const look = lookAt(pending)
      if (look === 'nothing' || (look === 'wait' && !lineIsSilent)) return frames
      if (typeof look === 'object') {
        frames.push(look)
        pending = pending.subarray(look.bytes.length)
        continue
      }
      if (look === 'damaged' || (look === 'wait' && headerError(pending) === null)) damagedFrames += 1
      drop(1)
    }
  }

  return {
    push(chunk) {
      pending = Buffer.concat([pending, chunk])
      return takeFrames(false)
    },
    timeout: () => takeFrames(true),
    get discardedBytes() {
      return discardedBytes
    },
    get damagedFrames() {
      return damagedFrames
    },
  }
}

function bytesBeforeStart(buffer: Buffer): number {
  const start = buffer.indexOf(frameStart)
  return start === -1 ? buffer.length : start
}

function lookAt(buffer: Buffer): Look {
  if (buffer.length === 0) return 'nothing'
  if (buffer.length < headerBytes) return buffer.length > 7 && buffer[7] !== frameStart ? 'not_a_frame' : 'wait'
  if (headerError(buffer) !== null) return 'not_a_frame'
  const length = frameLength(buffer)
  if (buffer.length < length) return 'wait'
  const bytes = Buffer.from(buffer.subarray(0, length))
  const decoded = decodeFrame(bytes)
  return decoded.ok ? { frame: decoded.value, bytes } : 'damaged'
}
