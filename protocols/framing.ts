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
