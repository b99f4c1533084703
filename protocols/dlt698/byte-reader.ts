import { hexOf } from '../hex.js'

/** Why bytes are no value or message of DL/T 698.45. The first rule that is broken names the error. */
export interface ApduError {
  readonly kind:
    | 'apdu_too_short'
    | 'apdu_length_invalid'
    | 'apdu_count_exceeds_bytes'
    | 'apdu_choice_unknown'
    | 'apdu_nested_too_deep'
    | 'apdu_bytes_left_over'
  /** Index of the byte at which the rule was broken. */
  readonly at: number
}

export type ApduErrorKind = ApduError['kind']

/**
 * Walks through bytes that may be anything. After the first failure every read gives zeros and no count is above 0, so that
 * callers need to look at `failure` only once, at the end, and no loop outlasts the bytes.
 */
export interface ByteReader {
  /** Index of the next byte. */
  readonly position: number
  readonly remaining: number
  readonly failure: ApduError | null
  readonly unsigned: (byteCount: number) => number
  readonly take: (byteCount: number) => Buffer
  /** Upper-case hexadecimal of the next bytes. */
  readonly hex: (byteCount: number) => string
  /** A length of A-XDR: one byte below 80H, otherwise 80H + n and n bytes, n at most 4. */
  readonly length: () => number
  /** Length of a sequence whose elements take one byte at least. */
  readonly count: () => number
  readonly fail: (kind: ApduErrorKind) => void
}

const longLength = 0x80
const maxLengthBytes = 4

export function createByteReader(bytes: Buffer): ByteReader {
  let position = 0
  let failure: ApduError | null = null

  function fail(kind: ApduErrorKind): void {
    failure ??= { kind, at: position }
    position = bytes.length
  }

  function take(byteCount: number): Buffer {
    if (failure !== null || byteCount > bytes.length - position) {
      fail('apdu_too_short')
      return Buffer.alloc(0)
    }
    position += byteCount
    return bytes.subarray(position - byteCount, position)
  }

  function unsigned(byteCount: number): number {
    const taken = take(byteCount)
    return taken.length === 0 ? 0 : taken.readUIntBE(0, byteCount)
  }

  function length(): number {
    const first = unsigned(1)
    if (first < longLength) return first
    const byteCount = first - longLength
    if (byteCount < 1 || byteCount > maxLengthBytes) {
      fail('apdu_length_invalid')
      return 0
    }
    return unsigned(byteCount)
  }

  return {
    get position() {
      return position
    },
    get remaining() {
      return bytes.length - position
    },
    get failure() {
      return failure
    },
    unsigned,
    take,
    hex: (byteCount) => hexOf(take(byteCount)),
    length,
    count() {
      const wanted = length()
      if (wanted <= bytes.length - position) return wanted
      fail('apdu_count_exceeds_bytes')
      return 0
    },
    fail,
  }
}
