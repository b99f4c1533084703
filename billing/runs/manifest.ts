import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../tariffs/parse-tariff.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Everything a run depends on; the same manifest gives the same bills. Days are local, instants ISO 8601 in UTC. */
export const manifestSchema = z.strictObject({
  format: z.literal('run-manifest/2'),
  organisation: z.string(),
  periodStart: z.string(),
  periodEnd: z.string(),
  determinants: z.strictObject({ revision: z.int(), accounts: z.int(), digest: z.string() }),
  tariffs: z.array(z.strictObject({ code: z.string(), version: z.int(), sha256 })),
  /** Day of the journal entries; its year numbers the bills. */
  accountingDate: z.string(),
  dueDate: z.string(),
  /** Shards in order, each with the digest of its accounts' determinants and ladder openings, as `SegmentUsages` says, and with that of what accounts under tariffs of components are rated by. */
  segments: z.array(z.strictObject({ accounts: z.int(), inputSha256: sha256, componentsSha256: sha256.optional() })),
})

export type Manifest = z.infer<typeof manifestSchema>

export function manifestSha256(manifest: Manifest): Buffer {
  return createHash('sha256').update(canonicalJson(manifest)).digest()
}
