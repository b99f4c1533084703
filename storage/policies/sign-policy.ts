import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { findActorKind } from '../billing/actors.js'
import type { Database, Queryable } from '../database.js'
import {
  findRevision,
  insertRevision,
  insertRevisionApproval,
  listRevisions,
  type NewPolicy,
  type OwnColumns,
  type PolicyRevision,
  type PolicyTable,
} from './policy-revisions.js'

/** A policy as messages call it, and where its revisions are. */
export interface PolicyName {
  readonly table: PolicyTable
  readonly zh: string
  readonly en: string
}
export type PolicySubmission = Omit<NewPolicy, 'recordedAt'>
export interface SubmittedPolicy {
  readonly kind: 'created' | 'exists'
  readonly revision: number
}

/**
 * Hands in a policy for approval. The same one again, from the same author with the same reason, is `exists` while nobody followed it.
 * @throws UserError `bad_usage` for an unknown actor, `refused` for a process.
 */
export async function submitPolicy(
  database: Database,
  clock: Clock,
  { table, zh, en }: PolicyName,
  submission: PolicySubmission,
  own: OwnColumns = {},
): Promise<SubmittedPolicy> {
  const { sha256, author, reason } = submission
  await requireAuthor(database, { zh, en }, author)
  if (reason.trim() === '') throw new UserError('bad_usage', '--reason: 不得为空 must say something')
  return database.transaction(async (tx) => {
    const [latest] = await listRevisions(tx, table)
    if (latest !== undefined && latest.sha256.equals(sha256) && latest.author === author && latest.reason === reason)
      return { kind: 'exists', revision: latest.revision }
    const revision = await insertRevision(tx, table, { ...submission, recordedAt: clock.now() }, own)
    return { kind: 'created', revision }
  })
}

export interface PolicyApproval {
  readonly revision: number
  readonly approver: string
  /** Looks once more at what is approved, and says what goes beside the approval. */
  readonly look?: (policy: PolicyRevision) => Promise<OwnColumns>
}

/**
 * @throws UserError `refused` with reason `four_eyes` for the author, `not_found`, and what `look` throws.
 * @returns false when it was approved before.
 */
export async function approvePolicy(
  database: Database,
  clock: Clock,
  { table, zh, en }: PolicyName,
  { revision, approver, look }: PolicyApproval,
): Promise<boolean> {
  await requirePerson(database, approver, '审批 an approval')
  const policy = await findRevision(database, table, revision)
  if (policy === null) throw noSuchRevision({ zh, en }, revision)
  if (policy.author === approver) throw fourEyes(approver, `编制了${zh} wrote revision ${revision}`)
  if (policy.approver !== null) return false
  const own = look === undefined ? {} : await look(policy)
  // The look may take its time, and an act is to be of the present.
  return (await insertRevisionApproval(database, table, { revision, approver, approvedAt: clock.now() }, own)) === 1
}

/** @throws UserError `bad_usage` for an unknown actor, `refused` for a process. */
export function requireAuthor(
  queryable: Queryable,
  { zh, en }: Pick<PolicyName, 'zh' | 'en'>,
  author: string,
): Promise<void> {
  return requirePerson(queryable, author, `编制${zh} ${en}`)
}

export function noSuchRevision({ zh, en }: Pick<PolicyName, 'zh' | 'en'>, revision: number): UserError {
  return new UserError('not_found', `${zh}无此版本 there is no revision ${revision} of ${en}`)
}

async function requirePerson(queryable: Queryable, actor: string, act: string): Promise<void> {
  const kind = await findActorKind(queryable, actor)
  if (kind === null) throw unknownActor(actor)
  if (kind !== 'person') throw personNeeded(actor, act)
}
