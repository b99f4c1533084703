import { createHash } from 'node:crypto'
import type * as z from 'zod'
import { UserError } from '../../domain/errors.js'
import { issueText } from '../../domain/schema-issue.js'
import type { Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { type DocumentError, readYaml } from '../../domain/yaml-document.js'
import type { Queryable } from '../../storage/database.js'
import { type PolicyRevision, revisionAsOf } from '../../storage/policies/policy-revisions.js'
import type { PolicyName } from '../../storage/policies/sign-policy.js'

/** A kind of policy that one person writes as a document and another one signs. */
export interface PolicyKind<Document extends object> extends PolicyName {
  readonly schema: z.ZodType<Document>
  /** What holds until a revision does. */
  readonly builtIn: (queryable: Queryable) => Promise<Document>
  /** What decisions name of a revision, null for the built-in document. */
  readonly versionOf: (revision: number | null) => string
}

export interface PolicyInForce<Document> {
  /** Null for the built-in document. */
  readonly revision: number | null
  readonly version: string
  readonly document: Document
}

/** A policy from YAML or JSON, or its first mistake. */
export function parsePolicy<Document extends object>(
  { schema }: PolicyKind<Document>,
  text: string,
): Result<Document, DocumentError> {
  return readYaml(text, schema)
}

/** Equal policies have equal digests, however they were written down: parsing puts the keys in the schema's order. */
export function policyDigest<Document extends object>({ schema }: PolicyKind<Document>, document: Document): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(schema.parse(document)))
    .digest()
}

/** The policy in force at `at` as known at `knownAt`. @throws UserError `bad_config` for a stored one that this program cannot read. */
export async function policyInForce<Document extends object>(
  kind: PolicyKind<Document>,
  queryable: Queryable,
  { knownAt, at = knownAt }: { readonly knownAt: Instant; readonly at?: Instant },
): Promise<PolicyInForce<Document>> {
  const stored = await revisionAsOf(queryable, kind.table, { knownAt, at })
  return stored === null ? builtInPolicy(kind, queryable) : readStoredPolicy(kind, stored)
}

export async function builtInPolicy<Document extends object>(
  { builtIn, versionOf }: PolicyKind<Document>,
  queryable: Queryable,
): Promise<PolicyInForce<Document>> {
  return { revision: null, version: versionOf(null), document: await builtIn(queryable) }
}

/** @throws UserError `bad_config` for a document that this program cannot read. */
export function readStoredPolicy<Document extends object>(
  { schema, en, versionOf }: PolicyKind<Document>,
  { revision, document }: PolicyRevision,
): PolicyInForce<Document> {
  const parsed = schema.safeParse(document)
  if (parsed.success) return { revision, version: versionOf(revision), document: parsed.data }
  const issue = parsed.error.issues[0]
  throw new UserError(
    'bad_config',
    `${en}, 第 ${revision} 版 revision ${revision}: ${issue?.path.join('.') || '(top level)'}: ${issue === undefined ? '' : issueText(issue)}`,
  )
}
