import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { beijing, calendarFor } from '../../../domain/time.js'
import {
  type AuditFinding,
  auditRegistry,
  auditRules,
  type OrganisationScore,
  type RuleScore,
} from '../../../mdm/registry/audit/audit-registry.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { readTariffCodes } from '../../../storage/registry/tariff-codes.js'
import { auditRuleText } from '../../registry/audit-words.js'
import { requireOutput, writeTableFiles } from '../../registry/table-files.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface AuditFlags {
  readonly organisation?: string
  readonly rule?: string
  readonly asOf?: string
  readonly out?: string
  readonly json?: true
}

export function addRegistryAuditCommand(registry: Command, io: Io): void {
  registry
    .command('audit')
    .description('档案稽核：各单位得分，须改正的清单 checks master data: a score per organisation, a list to act on')
    .option('--organisation <code>', '只此单位及下属 only this one and those below it')
    .option('--rule <name>', '只此规则 only this rule')
    .option('--as-of <instant>', '何时的档案，默认现在 as of when; now by default')
    .option('--out <file>', '清单 .xlsx 或 .csv the list as a file')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: AuditFlags) => audit(io, flags))
}

async function audit(io: Io, { asOf, out, json, ...scope }: AuditFlags): Promise<void> {
  const { organisation, rule } = { organisation: scope.organisation ?? null, rule: scope.rule ?? null }
  if (out !== undefined) requireOutput(io.cwd, out, ['.xlsx', '.csv'])
  if (rule !== null && !auditRules.some(({ name }) => name === rule))
    throw new UserError('bad_usage', `${rule}: 无此规则 no such rule: ${auditRules.map(({ name }) => name).join(', ')}`)
  const at = asOf === undefined ? createRealClock().now() : parseInstant(asOf)
  const { rules, scores, findings } = await withDatabase(io, 'console', async (database) => {
    const document = await exportRegistry(database, { knownAt: null, at })
    if (organisation !== null && !document.organisations.some(({ code }) => code === organisation))
      throw new UserError('not_found', `${organisation}: 无此单位 no such organisation`)
    const [first] = document.organisations
    const day = (first === undefined ? beijing : calendarFor(first.timeZone)).dateAt(at)
    return auditRegistry(document, day, new Set(await readTariffCodes(database)), { organisation, rule })
  })
  if (out !== undefined) writeTableFiles(io.cwd, out, [listSheet(findings)])
  if (json === true)
    return io.out(
      toJson({
        asOf: new Date(at).toISOString(),
        rules: rules.map(toJsonScore),
        scores: scores.map(toJsonScore),
        findings,
      }),
    )
  io.out(
    textTable(
      ['规则 rule', '阻断计费 blocking', '检查 checks', '问题 findings', '得分 score'],
      rules.map((one) => [
        auditRuleText(one.rule),
        one.isBlocking ? '是 yes' : '',
        one.checks,
        one.findings,
        scoreText(one.scoreE2),
      ]),
    ),
  )
  io.out(
    textTable(
      ['单位 organisation', '检查 checks', '问题 findings', '阻断计费 blocking', '得分 score'],
      scores.map(scoreLine),
    ),
  )
  for (const { object, problem, rule: name, isBlocking } of findings.slice(0, mostFindings))
    io.out(`${isBlocking ? '✗' : '·'} ${object} ${auditRuleText(name)}: ${problem}`)
  if (findings.length > mostFindings)
    io.out(`… 另有 ${findings.length - mostFindings} 条 more; --rule, --out LIST.xlsx 或 or --json 全部 all`)
  if (out !== undefined) io.err(`清单 list: ${out}`)
}

const mostFindings = 50

function scoreLine({
  organisation,
  checks,
  findings,
  blocking,
  scoreE2,
}: OrganisationScore): readonly (string | number)[] {
  return [organisation, checks, findings, blocking, scoreText(scoreE2)]
}

function scoreText(scoreE2: number | null): string {
  return scoreE2 === null ? '—' : (scoreE2 / 100).toFixed(2)
}

function toJsonScore({ scoreE2, ...score }: OrganisationScore | RuleScore) {
  return { ...score, score: scoreE2 === null ? null : scoreText(scoreE2) }
}

function listSheet(findings: readonly AuditFinding[]) {
  return {
    name: '稽核 audit',
    headings: ['单位 organisation', '对象 object', '规则 rule', '阻断计费 blocking', '问题 problem'],
    rows: findings.map(({ organisation, object, rule, isBlocking, problem }) => [
      organisation,
      object,
      auditRuleText(rule),
      isBlocking ? '是 yes' : '否 no',
      problem,
    ]),
  }
}
