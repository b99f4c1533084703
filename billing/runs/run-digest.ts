import { createHash } from 'node:crypto'

/** One digest for a whole run: SHA-256 over its segments' digests in order. What a reviewer accepts. */
export function runDigest(segmentDigests: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const digest of segmentDigests) hash.update(digest)
  return hash.digest('hex')
}
