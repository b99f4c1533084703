import { createHash } from 'node:crypto'
import type { RegisterSet } from '../../domain/reading.js'

/** SHA-256 of a claim's values (total, tou1…tou4 at e4) as canonical JSON: equal values are one claim, whoever brought them. */
export function claimDigest({ totalE4, touE4 }: RegisterSet): Buffer {
  const values = [totalE4, ...touE4].map((value) => value?.toString() ?? null)
  return createHash('sha256').update(JSON.stringify(values)).digest()
}
