import { createHash } from 'node:crypto'
import { type ChainLink, streamEntryLines } from '../../storage/billing/journal.js'
import type { Queryable } from '../../storage/database.js'

const genesis = Buffer.alloc(32)

/** The link behind `previous`: SHA-256 over the link before, the segment's natural key and its entries, one canonical line each. */
export async function nextLink(
  client: Queryable,
  previous: ChainLink | null,
  { segmentId, naturalKey }: { readonly segmentId: bigint; readonly naturalKey: string },
): Promise<ChainLink> {
  const hash = createHash('sha256')
  hash.update(previous?.sha256 ?? genesis)
  hash.update(`${JSON.stringify(naturalKey)}\n`)
  await streamEntryLines(client, segmentId, (chunk) => hash.update(chunk))
  return { chainNo: (previous?.chainNo ?? 0n) + 1n, sha256: hash.digest() }
}
