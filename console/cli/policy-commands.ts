import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../domain/errors.js'
import type { Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { type DocumentError, documentErrorText } from '../../domain/yaml-document.js'
import {
  builtInPolicy,
  parsePolicy,
  policyDigest,
  policyInForce,
  type PolicyInForce,
  type PolicyKind,
  readStoredPolicy,
} from '../../mdm/policies/policy-kind.js'
import type { Queryable } from '../../storage/database.js'
import { findRevision, listRevisions } from '../../storage/policies/policy-revisions.js'
import { approvePolicy, noSuchRevision, submitPolicy } from '../../storage/policies/sign-policy.js'
import { createRealClock } from '../runtime/real-clock.js'
import type { Io } from './io.js'
import { toJson } from './json.js'
import { parseInstant } from './parse-instant.js'
import {
  approvedText,
  historyText,
  revisionForJson,
  revisionNumber,
  submittedText,
  wholeRevision,
} from './policy-text.js'
import { readText } from './read-text.js'
import { withDatabase } from './session.js'

/** A kind of policy at the desk: what it is, and how a person reads it. */
export interface PolicyDesk<Document extends object> {
  readonly kind: PolicyKind<Document>
  readonly text: (document: Document) => string
  /** What remains to be done once it is approved. */
  readonly afterApproval?: string
}

interface Json {
  readonly json?: true
}
interface Signed extends Json {
  readonly actor: string
}
interface ProposeFlags extends Signed {
  readonly reason: string
  readonly from?: Instant
}
interface ShowFlags extends Json {
  readonly revision?: number
}

/** `policy check | propose | sign | show`, the same for every kind; `submit` and `approve` are what the two in the middle were called first. */
export function addPolicyCommands<Document extends object>(parent: Command, io: Io, desk: PolicyDesk<Document>): void {
  const { zh, en } = desk.kind
  const policy = parent.command('policy').description(`${zh}，两人办理 ${en}: versioned, two people`)
  policy
    .command('check')
    .description('检查文件 checks a file')
    .argument('<file>', 'YAML 或 JSON 文件 a file of YAML or JSON')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: Json) => check(io, desk, file, flags))
  policy
    .command('propose')
    .alias('submit')
    .description('提交待批 hands one in; it counts once another person has signed it')
    .argument('<file>', 'YAML 或 JSON 文件 a file of YAML or JSON')
    .requiredOption('--actor <id>', '编制人 its author')
    .requiredOption('--reason <text>', '为何变更 why it changes')
    .option('--from <instant>', '自何时起适用，缺省即刻 from when on; now when left out', parseInstant)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: ProposeFlags) => propose(io, desk, file, flags))
  policy
    .command('sign')
    .alias('approve')
    .description('批准，须非编制人 approves a revision; not its author')
    .argument('<revision>', '版次 number of the revision', revisionNumber)
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((revision: number, flags: Signed) => sign(io, desk, revision, flags))
  policy
    .command('show')
    .description('现行者及各版 the one in force, or a revision')
    .option('--revision <number>', '版次；0 为内置 a revision; 0 is the built-in one', wholeRevision)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ShowFlags) => show(io, desk, flags))
}

function check<Document extends object>(
  io: Io,
  { kind, text }: PolicyDesk<Document>,
  file: string,
  { json }: Json,
): void {
  const document = loadPolicyFile(io, file, (content) => parsePolicy(kind, content))
  const sha256 = policyDigest(kind, document).toString('hex')
  io.out(json === true ? toJson({ ok: true, sha256, policy: document }) : text(document))
}

async function propose<Document extends object>(
  io: Io,
  { kind }: PolicyDesk<Document>,
  file: string,
  { actor, reason, from, json }: ProposeFlags,
): Promise<void> {
  const clock = createRealClock()
  const document = loadPolicyFile(io, file, (content) => parsePolicy(kind, content))
  const submission = {
    document,
    sha256: policyDigest(kind, document),
    author: actor,
    reason,
    effectiveFrom: from ?? clock.now(),
  }
  const submitted = await withDatabase(io, 'console', (database) => submitPolicy(database, clock, kind, submission))
  io.out(json === true ? toJson(submitted) : submittedText(submitted))
}

async function sign<Document extends object>(
  io: Io,
  { kind, afterApproval }: PolicyDesk<Document>,
  revision: number,
  { actor, json }: Signed,
): Promise<void> {
  const isNew = await withDatabase(io, 'console', (database) =>
    approvePolicy(database, createRealClock(), kind, { revision, approver: actor }),
  )
  if (json === true) return io.out(toJson({ revision, kind: isNew ? 'created' : 'exists' }))
  io.out(approvedText(revision, isNew))
  if (isNew && afterApproval !== undefined) io.out(afterApproval)
}

async function show<Document extends object>(
  io: Io,
  { kind, text }: PolicyDesk<Document>,
  { revision, json }: ShowFlags,
): Promise<void> {
  const now = createRealClock().now()
  const { shown, history } = await withDatabase(io, 'reader', async (reader) => ({
    shown:
      revision === undefined ? await policyInForce(kind, reader, { knownAt: now }) : await pick(reader, kind, revision),
    history: await listRevisions(reader, kind.table),
  }))
  const { version, document } = shown
  if (json === true)
    return io.out(
      toJson({ revision: shown.revision, version, policy: document, revisions: history.map(revisionForJson) }),
    )
  io.out(`版本 version ${version}`)
  io.out(text(document))
  if (history.length > 0) io.out(historyText(history))
}

async function pick<Document extends object>(
  reader: Queryable,
  kind: PolicyKind<Document>,
  revision: number,
): Promise<PolicyInForce<Document>> {
  if (revision === 0) return builtInPolicy(kind, reader)
  const found = await findRevision(reader, kind.table, revision)
  if (found === null) throw noSuchRevision(kind, revision)
  return readStoredPolicy(kind, found)
}

/** The checked policy of a file. @throws UserError `bad_input` as file:line: key: expected … */
export function loadPolicyFile<Document>(
  io: Io,
  file: string,
  parse: (text: string) => Result<Document, DocumentError>,
): Document {
  const parsed = parse(readText(resolve(io.cwd, file)))
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', documentErrorText(file, parsed.error))
}
