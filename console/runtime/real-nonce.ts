import { randomBytes } from 'node:crypto'

/** Bytes that nobody can foretell and that never come again. */
export function realNonce(byteCount: number): Buffer {
  return randomBytes(byteCount)
}
