import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../../domain/errors.js'
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
  /**
   * Shards in order, each with the digest of its accounts' determinants and ladder openings, as `SegmentUsages` says, and with that of what
   * accounts under tariffs of components are rated by, as `accountInputsSha256` says; `componentsSha256` was of other bytes and is read only.
   */
  segments: z.array(
    z.strictObject({
      accounts: z.int(),
      inputSha256: sha256,
      accountsSha256: sha256.optional(),
      componentsSha256: sha256.optional(),
    }),
  ),
})

export type Manifest = z.infer<typeof manifestSchema>

/**
 * The manifest of a run as it was frozen.
 * @throws UserError refused for one of another version of the product: the digests of its shards were of other bytes.
 */
export function parseManifest(runId: string, document: unknown): Manifest {
  const { format } = z.looseObject({ format: z.string() }).parse(document)
  if (format !== manifestSchema.shape.format.value) throw ofAnotherVersion(runId, format)
  return manifestSchema.parse(document)
}

/** @throws UserError refused for a run whose accounts under tariffs of components were digested in other bytes; its bills can be shown, not rated. */
export function refuseOtherDigests(runId: string, { segments }: Manifest): void {
  if (segments.some(({ componentsSha256 }) => componentsSha256 !== undefined))
    throw ofAnotherVersion(runId, 'componentsSha256')
}

function ofAnotherVersion(runId: string, what: string): UserError {
  return new UserError(
    'refused',
    `${runId}: 运行由其他版本冻结 the run was frozen by another version (${what}): 请将该期计费量重新冻结为新修订，再建运行 freeze the determinants of its period again and begin a run with that revision`,
  )
}

export function manifestSha256(manifest: Manifest): Buffer {
  return createHash('sha256').update(canonicalJson(manifest)).digest()
}
