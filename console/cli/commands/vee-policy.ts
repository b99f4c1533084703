import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { beijing, type Instant, localMinute } from '../../../domain/time.js'
import { documentErrorText } from '../../../domain/yaml-document.js'
import { builtInDocument } from '../../../mdm/validation/built-in-policy.js'
import {
  parsePolicy,
  policyDigest,
  type PolicyDocument,
  policyDocumentSchema,
} from '../../../mdm/validation/policy-document.js'
import { approvePolicy, submitPolicy } from '../../../mdm/validation/record-policy.js'
import { ruleNames } from '../../../mdm/validation/rule-names.js'
import { listRevisions, type PolicyRevision } from '../../../storage/mdm/policy-revisions.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { readText } from '../read-text.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface Json {
  readonly json?: true
}
interface SubmitFlags extends Json {
  readonly actor: string
  readonly reason: string
  readonly from?: Instant
}

export function addVeePolicyCommands(vee: Command, io: Io): void {
  const policy = vee.command('policy').description('校核方案 the validation policy: versioned, two people')
  policy
    .command('check')
    .description('检查方案文件 checks a file')
    .argument('<file>', 'YAML or JSON')
    .option('--json', 'one JSON document')
    .action((file: string, { json }: Json) => {
      const document = loadPolicyFile(io, file)
      io.out(
        json === true
          ? toJson({ ok: true, sha256: policyDigest(document).toString('hex'), policy: document })
          : policyText(document),
      )
    })
  policy
    .command('submit')
    .description('提交待批 hands a policy in for approval')
    .argument('<file>', 'YAML or JSON')
    .requiredOption('--actor <code>', '编制人 its author')
    .requiredOption('--reason <text>', '为何变更 why it changes')
    .option('--from <instant>', '自何时刻的示值起适用，缺省即刻 readings from when on', parseInstant)
    .option('--json', 'one JSON document')
    .action(async (file: string, { actor, reason, from, json }: SubmitFlags) => {
      const clock = createRealClock()
      const document = loadPolicyFile(io, file)
      const submission = { document, author: actor, reason, effectiveFrom: from ?? clock.now() }
      const submitted = await withDatabase(io, 'console', (database) => submitPolicy(database, clock, submission))
      if (json === true) return io.out(toJson(submitted))
      io.out(
        submitted.kind === 'created'
          ? `已提交第 ${submitted.revision} 版，待他人批准 · revision ${submitted.revision} waits for another person’s approval`
          : `第 ${submitted.revision} 版已是此方案 · revision ${submitted.revision} is this policy already`,
      )
    })
  policy
    .command('approve')
    .description('批准，须非编制人 approves a revision; not its author')
    .argument('<revision>', '版次 number of the revision', revisionNumber)
    .requiredOption('--actor <code>', '批准人 who approves')
    .option('--json', 'one JSON document')
    .action(async (revision: number, { actor, json }: Json & { readonly actor: string }) => {
      const approval = { revision, approver: actor }
      const isNew = await withDatabase(io, 'console', (database) =>
        approvePolicy(database, createRealClock(), approval),
      )
      if (json === true) return io.out(toJson({ revision, kind: isNew ? 'created' : 'exists' }))
      io.out(
        isNew
          ? `第 ${revision} 版已批准；已校核的示值以 vee run --again 重新校核 · revision ${revision} is approved; what was decided before is judged anew by vee run --again`
          : `第 ${revision} 版早已批准 · revision ${revision} was approved before`,
      )
    })
  policy
    .command('show')
    .description('现行方案及各版 the policy in force, or a revision')
    .option('--revision <number>', '版次；0 为内置方案 a revision; 0 is the built-in policy', wholeRevision)
    .option('--json', 'one JSON document')
    .action((flags: Json & { readonly revision?: number }) => showPolicy(io, flags))
}

/** The checked policy of a file. @throws UserError `bad_input` as file:line: key: expected … */
function loadPolicyFile(io: Io, file: string): PolicyDocument {
  const parsed = parsePolicy(readText(resolve(io.cwd, file)))
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', documentErrorText(file, parsed.error))
}

async function showPolicy(io: Io, { revision, json }: Json & { readonly revision?: number }): Promise<void> {
  const now = createRealClock().now()
  const history = await withDatabase(io, 'reader', (reader) => listRevisions(reader, 'validation_policy'))
  const inForce = history.find(({ approvedAt, effectiveFrom }) => approvedAt !== null && effectiveFrom <= now)
  const shown = revision === undefined ? inForce : history.find((each) => each.revision === revision)
  if (shown === undefined && (revision ?? 0) !== 0)
    throw new UserError('not_found', `there is no revision ${revision} of the validation policy`)
  const document = shown === undefined ? builtInDocument : policyDocumentSchema.parse(shown.document)
  if (json === true)
    return io.out(
      toJson({ revision: shown?.revision ?? null, policy: document, revisions: history.map(revisionForJson) }),
    )
  io.out(
    shown === undefined
      ? '内置方案 the built-in policy, built-in/1'
      : `第 ${shown.revision} 版 revision ${shown.revision}`,
  )
  io.out(policyText(document))
  if (history.length > 0)
    io.out(
      textTable(
        ['版 revision', '生效 effective from', '编制 author', '批准 approver', '为何 reason'],
        history.map(({ revision: number, effectiveFrom, author, approver, reason }) => [
          number,
          localMinute(beijing, effectiveFrom),
          author,
          approver ?? '待批 waits',
          reason,
        ]),
      ),
    )
}

function revisionForJson({
  revision,
  sha256,
  effectiveFrom,
  recordedAt,
  author,
  reason,
  approver,
  approvedAt,
}: PolicyRevision) {
  return {
    revision,
    sha256: sha256.toString('hex'),
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    author,
    reason,
    approver,
    approvedAt: approvedAt === null ? null : new Date(approvedAt).toISOString(),
  }
}

function policyText({ classes, groups, physicalLimitKwhPerHour, missingAfterHours }: PolicyDocument): string {
  const { residential, commercial, large_industrial: industrial, agricultural } = classes
  const all = [residential, commercial, industrial, agricultural]
  const words = { hold: '待核 hold', flag: '标明 flag' }
  return [
    textTable(
      ['规则 rule', '居民 residential', '商业 commercial', '大工业 large industrial', '农业 agricultural'],
      [
        ...ruleNames.map((name) => [name, ...all.map(({ severities }) => words[severities[name]])]),
        ['突增 jump, × · kWh', ...all.map(({ jump }) => `${jump.times} · ${jump.leastKwh}`)],
        [
          '超历史最大日 above fullest, % · kWh',
          ...all.map(({ aboveFullest }) => `${aboveFullest.percent} · ${aboveFullest.leastKwh}`),
        ],
        ['突减 drop, ÷ · kWh', ...all.map(({ drop }) => `${drop.times} · ${drop.leastKwh}`)],
        ['连续零度 zero run, d', ...all.map(({ zeroRunDays }) => zeroRunDays)],
        [
          '近示值 near absolute, % · kWh',
          ...all.map(({ nearAbsolute }) => `${nearAbsolute.percent} · ${nearAbsolute.leastKwh}`),
        ],
        ['超容 demand, %', ...all.map(({ demandPercent }) => demandPercent)],
      ],
    ),
    ...Object.entries(groups).map(([role, names]) => `${role}: ${names.join(' → ')}`),
    `每小时至多 at most ${physicalLimitKwhPerHour.default} kWh/h · 缺抄 missing after ${missingAfterHours} h`,
  ].join('\n')
}

function revisionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected the number of a revision.')
  return Number(text)
}

function wholeRevision(text: string): number {
  return text === '0' ? 0 : revisionNumber(text)
}
