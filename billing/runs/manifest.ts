import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../../domain/errors.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Runs of this format are rated; those before it can be shown and verified. */
const format = 'run-manifest/4'
/** What is rated by components was in other rows, all else as it is now. */
const otherAccounts = 'run-manifest/3'
const noInputs = 'run-manifest/2'
const formats = [noInputs, otherAccounts, format] as const

/** Everything a run depends on; the same manifest gives the same bills. Days are local, instants ISO 8601 in UTC. */
export const manifestSchema = z.strictObject({
  format: z.enum(formats),
  organisation: z.string(),
  periodStart: z.string(),
  periodEnd: z.string(),
  determinants: z.strictObject({ revision: z.int(), accounts: z.int(), digest: z.string() }),
  tariffs: z.array(z.strictObject({ code: z.string(), version: z.int(), sha256 })),
  /** Day of the journal entries; its year numbers the bills. */
  accountingDate: z.string(),
  dueDate: z.string(),
  /**
   * Shards in order, each with the digest of its accounts' determinants and ladder openings as `run_input` keeps them, and with that of what
   * accounts under tariffs of components are rated by, as `accountInputsSha256` says; `componentsSha256` is of `run-manifest/2`.
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
 * @throws UserError refused for one of a version of the product that nothing here knows.
 */
export function parseManifest(runId: string, document: unknown): Manifest {
  const found = z.looseObject({ format: z.string() }).parse(document).format
  if (!formats.some((known) => known === found)) throw ofAnotherVersion(runId, found)
  return manifestSchema.parse(document)
}

/** Whether the shards' inputs are kept as they were frozen. */
export function keepsInputs({ format: found }: Manifest): boolean {
  return found !== noInputs
}

/** @throws UserError refused for a run of a format before whose inputs are not those of now: what it issued can be shown and verified, not rated. */
export function refuseToRate(runId: string, { format: found, segments }: Manifest): void {
  const isRatedAlike = found === otherAccounts && segments.every(({ accountsSha256 }) => accountsSha256 === undefined)
  if (found !== format && !isRatedAlike) throw ofAnotherVersion(runId, found)
}

function ofAnotherVersion(runId: string, found: string): UserError {
  return new UserError(
    'refused',
    `${runId}: 运行由其他版本冻结 the run was frozen by another version (${found}): 请将该期计费量重新冻结为新修订，再建运行 freeze the determinants of its period again and begin a run with that revision`,
  )
}

export function manifestSha256(manifest: Manifest): Buffer {
  return createHash('sha256').update(canonicalJson(manifest)).digest()
}
