import { damagedFrame, type Framing, needsMore } from './framing.js'

export const frameStart = 0x68
/** Wakes the line up before a frame and belongs to none. */
export const wakeUpByte = 0xfe

/** A sound frame of a stream. */
export interface FoundFrame {
  readonly framing: Framing
  /** From 68H to 16H. A view of the bytes that were pushed: copy what is to be kept. */
  readonly bytes: Buffer
  /** Position of its 68H, counted from the first byte that was ever pushed. */
  readonly offset: number
}

/** Cuts a byte stream into frames. Holds fewer bytes than the longest frame between calls, whatever arrives. */
export interface StreamSplitter {
  /** Frames completed by these bytes. */
  readonly push: (chunk: Buffer) => readonly FoundFrame[]
  /**
   * The line has been silent for longer than the inter-byte time: whatever still waits for bytes is no frame, but a good frame
   * may stand behind a garbled length. Afterwards nothing waits.
   */
  readonly timeout: () => readonly FoundFrame[]
  /** Bytes that belonged to no frame, wake-up bytes not counted. */
  readonly discardedBytes: number
  /** Sound headers whose frame then failed its length, checksum or end, or never came whole. */
  readonly damagedFrames: number
}

const nothing: Buffer = Buffer.alloc(0)

/**
 * A start that turns out to open no frame costs one byte, never the buffer: 68H and 16H also occur inside addresses, data and
 * checksums, and a good frame may begin anywhere behind a broken one. Where several families are looked for, the first one
 * whose rules the bytes keep wins, and one that still waits is waited for.
 */
export function createStreamSplitter(framings: readonly Framing[]): StreamSplitter {
  let pending = nothing
  let pendingOffset = 0
  let discardedBytes = 0
  let damagedFrames = 0

  function takeFrames(buffer: Buffer, lineIsSilent: boolean): FoundFrame[] {
    const frames: FoundFrame[] = []
    const end = buffer.length
    let at = 0
    while (at < end) {
      if (buffer[at] !== frameStart) {
        const start = buffer.indexOf(frameStart, at)
        const next = start === -1 ? end : start
        for (; at < next; at += 1) if (buffer[at] !== wakeUpByte) discardedBytes += 1
        continue
      }
      const look = lookAt(framings, buffer, at, lineIsSilent)
      if (look === 'wait') break
      if (typeof look === 'object') {
        frames.push({ framing: look.framing, bytes: buffer.subarray(at, at + look.length), offset: pendingOffset + at })
        at += look.length
        continue
      }
      if (look === 'damaged') damagedFrames += 1
      discardedBytes += 1
      at += 1
    }
    pending = at === end ? nothing : at === 0 ? buffer : Buffer.from(buffer.subarray(at))
    pendingOffset += at
    return frames
  }

  return {
    push: (chunk) => takeFrames(pending.length === 0 ? chunk : Buffer.concat([pending, chunk]), false),
    timeout: () => takeFrames(pending, true),
    get discardedBytes() {
      return discardedBytes
    },
    get damagedFrames() {
      return damagedFrames
    },
  }
}

type Look = 'wait' | 'no' | 'damaged' | { readonly framing: Framing; readonly length: number }

/** In silence, what waits for bytes is judged by what has come: damaged where the header is whole and sound. */
function lookAt(framings: readonly Framing[], buffer: Buffer, at: number, lineIsSilent: boolean): Look {
  const end = buffer.length
  let isDamaged = false
  for (const framing of framings) {
    const measured = framing.measure(buffer, at, end)
    if (measured > 0) return { framing, length: measured }
    if (measured === needsMore && !lineIsSilent) return 'wait'
    if (measured === damagedFrame || (measured === needsMore && framing.hasHeader(buffer, at, end))) isDamaged = true
  }
  return isDamaged ? 'damaged' : 'no'
}
