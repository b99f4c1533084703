import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { beijing, localMinute } from '../../../domain/time.js'
import { documentErrorText } from '../../../domain/yaml-document.js'
import { defaultEstimationPolicy, type EstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import {
  type EstimationPolicyDocument,
  estimationPolicyDigest,
  parseEstimationPolicy,
  usageClasses,
} from '../../../mdm/estimation/policy-document.js'
import { estimationPolicyInForce, readStoredPolicy } from '../../../mdm/estimation/policy-in-force.js'
import { approveEstimationPolicy, submitEstimationPolicy } from '../../../mdm/estimation/record-policy.js'
import { listRevisions, type PolicyRevision } from '../../../storage/mdm/policy-revisions.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { classWords, methodWords } from '../estimation-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readText } from '../read-text.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface Json {
  readonly json?: true
}
interface Signed extends Json {
  readonly actor: string
}
interface SubmitFlags extends Signed {
  readonly reason: string
}
interface ShowFlags extends Json {
  readonly revision?: number
}

export function addEstimationPolicyCommands(estimates: Command, io: Io): void {
  const policy = estimates.command('policy').description('估算策略 the estimation policy: versioned, two people')
  policy
    .command('show')
    .description('现行策略及各版 the policy in force, or a revision')
    .option('--revision <number>', '版次；0 为内置 a revision; 0 is the built-in policy', wholeRevision)
    .option('--json', 'one JSON document')
    .action((flags: ShowFlags) => show(io, flags))
  policy
    .command('check')
    .description('检查文件 checks a file')
    .argument('<file>', 'YAML or JSON')
    .option('--json', 'one JSON document')
    .action((file: string, { json }: Json) => {
      const document = loadPolicyFile(io, file)
      const sha256 = estimationPolicyDigest(document).toString('hex')
      if (json === true) return io.out(toJson({ ok: true, sha256, policy: document }))
      io.out(policyText(document))
    })
  policy
    .command('submit')
    .description('提交待批 hands a policy in for approval')
    .argument('<file>', 'YAML or JSON')
    .requiredOption('--actor <id>', '编制人 its author')
    .requiredOption('--reason <text>', '为何变更 why it changes')
    .option('--json', 'one JSON document')
    .action((file: string, flags: SubmitFlags) => submit(io, file, flags))
  policy
    .command('approve')
    .description('批准，须非编制人 approves a revision; not its author')
    .argument('<revision>', '版次 number of the revision', revisionNumber)
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--json', 'one JSON document')
    .action((revision: number, flags: Signed) => approve(io, revision, flags))
}

/** It holds from its approval on: nothing is estimated by a policy that nobody had approved at that time. */
async function submit(io: Io, file: string, { actor, reason, json }: SubmitFlags): Promise<void> {
  const clock = createRealClock()
  const submission = { document: loadPolicyFile(io, file), author: actor, reason, effectiveFrom: clock.now() }
  const submitted = await withDatabase(io, 'console', (database) => submitEstimationPolicy(database, clock, submission))
  if (json === true) return io.out(toJson(submitted))
  io.out(
    submitted.kind === 'created'
      ? `已提交第 ${submitted.revision} 版，待他人批准 · revision ${submitted.revision} waits for another person’s approval`
      : `第 ${submitted.revision} 版已是此策略 · revision ${submitted.revision} is this policy already`,
  )
}

async function approve(io: Io, revision: number, { actor, json }: Signed): Promise<void> {
  const approval = { revision, approver: actor }
  const clock = createRealClock()
  const isNew = await withDatabase(io, 'console', (database) => approveEstimationPolicy(database, clock, approval))
  if (json === true) return io.out(toJson({ revision, kind: isNew ? 'created' : 'exists' }))
  io.out(
    isNew
      ? `第 ${revision} 版已批准 · revision ${revision} is approved`
      : `第 ${revision} 版早已批准 · revision ${revision} was approved before`,
  )
}

/** The checked policy of a file. @throws UserError `bad_input` as file:line: key: expected … */
function loadPolicyFile(io: Io, file: string): EstimationPolicyDocument {
  const parsed = parseEstimationPolicy(readText(resolve(io.cwd, file)))
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', documentErrorText(file, parsed.error))
}

async function show(io: Io, { revision, json }: ShowFlags): Promise<void> {
  const now = createRealClock().now()
  const { shown, history } = await withDatabase(io, 'reader', async (reader) => {
    const revisions = await listRevisions(reader, 'estimation_policy')
    const asked = revision === undefined ? await estimationPolicyInForce(reader, now) : pick(revisions, revision)
    return { shown: asked, history: revisions }
  })
  if (json === true)
    return io.out(toJson({ version: shown.version, policy: shown.document, revisions: history.map(revisionForJson) }))
  io.out(`版本 version ${shown.version}`)
  io.out(policyText(shown.document))
  if (history.length > 0) io.out(textTable(historyHead, history.map(historyRow)))
}

function pick(revisions: readonly PolicyRevision[], revision: number): EstimationPolicy {
  if (revision === 0) return defaultEstimationPolicy
  const found = revisions.find((each) => each.revision === revision)
  if (found === undefined)
    throw new UserError('not_found', `估算策略无此版本 there is no revision ${revision} of the estimation policy`)
  return readStoredPolicy(found)
}

const policyHead = [
  '类别 class',
  '次序 rank',
  '方法 method',
  '起用 after h',
  '历史 history d',
  '缺口 gap d',
  '户数 peers',
]

function policyText({ classes, holidays }: EstimationPolicyDocument): string {
  const rows = usageClasses.flatMap((usageClass) =>
    classes[usageClass].methods.map((rule, place) => [
      place === 0 ? (classWords[usageClass] ?? usageClass) : '',
      place + 1,
      methodWords[rule.method] ?? rule.method,
      rule.afterHours,
      rule.leastHistoryDays,
      rule.greatestGapDays,
      rule.method === 'peer_profile' ? rule.leastPeers : '',
    ]),
  )
  const limits = usageClasses.map((usageClass) => {
    const { mostConsecutiveDays, mostConsecutivePeriods, billingBoundary } = classes[usageClass]
    const boundary =
      billingBoundary === 'never'
        ? '结算边界不估算 never at a billing boundary'
        : `结算边界可按上期电量，连续 ${mostConsecutivePeriods} 期 a boundary by the previous period, ${mostConsecutivePeriods} in a row`
    return `${classWords[usageClass] ?? usageClass}: 连续至多 ${mostConsecutiveDays} 天 at most ${mostConsecutiveDays} days in a row · ${boundary}`
  })
  return [textTable(policyHead, rows), ...limits, `节假日 holidays ${holidays.length}`].join('\n')
}

const historyHead = ['版 revision', '生效 effective from', '编制 author', '批准 approver', '为何 reason']

function historyRow({ revision, effectiveFrom, author, approver, reason }: PolicyRevision) {
  return [revision, localMinute(beijing, effectiveFrom), author, approver ?? '待批 waits', reason]
}

function revisionForJson({
  document: _document,
  sha256,
  effectiveFrom,
  recordedAt,
  approvedAt,
  ...row
}: PolicyRevision) {
  return {
    ...row,
    sha256: sha256.toString('hex'),
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    approvedAt: approvedAt === null ? null : new Date(approvedAt).toISOString(),
  }
}

function revisionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected the number of a revision.')
  return Number(text)
}

function wholeRevision(text: string): number {
  return text === '0' ? 0 : revisionNumber(text)
}
