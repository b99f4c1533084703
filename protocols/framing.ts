/** Why bytes that begin like a frame are none. The first rule that is broken names the error. */
export type FrameError =
  | { readonly kind: 'frame_too_short'; readonly actual: number }
  | { readonly kind: 'start_missing' }
  | { readonly kind: 'length_mismatch'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'length_out_of_range'; readonly length: number }
  | { readonly kind: 'header_checksum_mismatch'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'checksum_mismatch'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'end_missing'; readonly actual: number }

/** How one family of frames is told apart in a byte stream. All functions are pure and never throw. */
export interface Framing {
  /**
   * Judges the bytes `buffer[at, end)`, of which the first is 68H.
   * @returns the length of the sound frame that begins at `at`; `needsMore` while the bytes there may still become one;
   * `notAFrame` when no frame begins there; `damagedFrame` when a sound header is followed by something else.
   * The answer for a prefix is either final or `needsMore`, so that a stream gives the same frames however it is cut.
   */
  readonly measure: (buffer: Buffer, at: number, end: number) => number
  /** Whether a whole and sound header stands at `at`, so that what fails behind it was a frame once. */
  readonly hasHeader: (buffer: Buffer, at: number, end: number) => boolean
  /** Which rule the bytes break; null for a sound frame. Bytes that stop too early break `length_mismatch` or `frame_too_short`. */
  readonly explain: (buffer: Buffer, at: number, end: number) => FrameError | null
}

export const needsMore = 0
export const notAFrame = -1
export const damagedFrame = -2

/** What tells a family of frames apart, rule by rule; each is judged as soon as its bytes are there. */
export interface FramingRules {
  /** The rule of the header that the bytes break, `frame_too_short` while it is not whole; null for a sound header. */
  readonly headerError: (buffer: Buffer, at: number, end: number) => FrameError | null
  /** Length of the whole frame behind a sound header. */
  readonly frameLength: (buffer: Buffer, at: number) => number
  /** The rule that the rest of a whole frame breaks. */
  readonly bodyError: (buffer: Buffer, at: number) => FrameError | null
}

export function framingOf({ headerError, frameLength, bodyError }: FramingRules): Framing {
  return {
    measure(buffer, at, end) {
      const error = headerError(buffer, at, end)
      if (error !== null) return error.kind === 'frame_too_short' ? needsMore : notAFrame
      const length = frameLength(buffer, at)
      if (end - at < length) return needsMore
      return bodyError(buffer, at) === null ? length : damagedFrame
    },
    hasHeader: (buffer, at, end) => headerError(buffer, at, end) === null,
    explain(buffer, at, end) {
      const error = headerError(buffer, at, end)
      if (error !== null) return error
      const expected = frameLength(buffer, at)
      return end - at < expected ? { kind: 'length_mismatch', expected, actual: end - at } : bodyError(buffer, at)
    },
  }
}
