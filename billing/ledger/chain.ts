import { createHash } from 'node:crypto'
import type { ChainLink } from '../../storage/billing/journal.js'

const genesis = Buffer.alloc(32)

/** A link of the chain that is being worked out: it takes the lines of `streamEntryLines`, in pieces that end anywhere. */
export interface OpenLink {
  readonly update: (lines: Uint8Array) => void
  readonly end: () => ChainLink
}

/** The link behind `previous`: SHA-256 over the link before, the segment's natural key and its entries, one canonical line each. */
export function beginLink(previous: ChainLink | null, naturalKey: string): OpenLink {
  const hash = createHash('sha256')
  hash.update(previous?.sha256 ?? genesis)
  hash.update(`${JSON.stringify(naturalKey)}\n`)
  return {
    update: (lines) => hash.update(lines),
    end: () => ({ chainNo: (previous?.chainNo ?? 0n) + 1n, sha256: hash.digest() }),
  }
}
