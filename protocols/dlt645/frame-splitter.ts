import { createStreamSplitter, type StreamSplitter } from '../stream-splitter.js'
import { dlt645Framing, type Frame, openFrame } from './frame.js'

export interface SplitFrame {
  readonly frame: Frame
  /** From 68H to 16H as received, without wake-up bytes. */
  readonly bytes: Buffer
}

/** Cuts the byte stream of a line into DL/T 645 frames; bytes between them are judged as by `StreamSplitter`. */
export interface FrameSplitter extends Pick<StreamSplitter, 'discardedBytes' | 'damagedFrames'> {
  readonly push: (chunk: Buffer) => readonly SplitFrame[]
  readonly timeout: () => readonly SplitFrame[]
}

const framings = [dlt645Framing]

export function createFrameSplitter(): FrameSplitter {
  const splitter = createStreamSplitter(framings)
  return {
    push: (chunk) => splitter.push(chunk).map(({ bytes }) => ({ frame: openFrame(bytes), bytes })),
    timeout: () => splitter.timeout().map(({ bytes }) => ({ frame: openFrame(bytes), bytes })),
    get discardedBytes() {
      return splitter.discardedBytes
    },
    get damagedFrames() {
      return splitter.damagedFrames
    },
  }
}
