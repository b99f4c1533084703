import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { beijing, calendarFor } from '../../../domain/time.js'
import {
  type Audit,
  type AuditFinding,
  auditRegistry,
  type OrganisationScore,
} from '../../../mdm/registry/audit/audit-registry.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { readTariffCodes } from '../../../storage/registry/tariff-codes.js'
import { requireOutput, writeTableFiles } from '../../registry/table-files.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface AuditFlags {
  readonly organisation?: string
  readonly asOf?: string
  readonly out?: string
  readonly json?: true
}

export function addRegistryAuditCommand(registry: Command, io: Io): void {
  registry
    .command('audit')
    .description('档案稽核：各单位得分，须改正的清单 checks master data: a score per organisation, a list to act on')
    .option('--organisation <code>', '只此单位及下属 only this one and those below it')
    .option('--as-of <instant>', '何时的档案，默认现在 as of when; now by default')
    .option('--out <file>', '清单 .xlsx 或 .csv the list as a file')
    .option('--json', 'one JSON document')
    .action((flags: AuditFlags) => audit(io, flags))
}

async function audit(io: Io, { organisation, asOf, out, json }: AuditFlags): Promise<void> {
  if (out !== undefined) requireOutput(io.cwd, out, ['.xlsx', '.csv'])
  const at = asOf === undefined ? createRealClock().now() : parseInstant(asOf)
  const whole = await withDatabase(io, 'console', async (database) => {
    const document = await exportRegistry(database, { knownAt: null, at })
    const [first] = document.organisations
    const day = (first === undefined ? beijing : calendarFor(first.timeZone)).dateAt(at)
    return { document, audit: auditRegistry(document, day, new Set(await readTariffCodes(database))) }
  })
  const { scores, findings } = organisation === undefined ? whole.audit : only(organisation, whole)
  if (out !== undefined) writeTableFiles(io.cwd, out, [listSheet(findings)])
  if (json === true)
    return io.out(toJson({ asOf: new Date(at).toISOString(), scores: scores.map(toJsonScore), findings }))
  io.out(
    textTable(
      ['单位 organisation', '检查 checks', '问题 findings', '阻断计费 blocking', '得分 score'],
      scores.map(scoreLine),
    ),
  )
  for (const { object, problem, rule, isBlocking } of findings.slice(0, mostFindings))
    io.out(`${isBlocking ? '✗' : '·'} ${object} ${rule}: ${problem}`)
  if (findings.length > mostFindings)
    io.out(`… 另有 ${findings.length - mostFindings} 条 more; --out LIST.xlsx 或 or --json 全部 all`)
  if (out !== undefined) io.err(`清单 list: ${out}`)
}

const mostFindings = 50

function only(
  code: string,
  {
    document,
    audit: { scores, findings },
  }: {
    readonly document: { readonly organisations: readonly { readonly code: string; readonly parent?: string }[] }
    readonly audit: Audit
  },
): Audit {
  if (!scores.some((score) => score.organisation === code))
    throw new UserError('not_found', `${code}: 无此单位 no such organisation`)
  const parents = new Map(document.organisations.map(({ code: each, parent }) => [each, parent]))
  const isBelow = (one: string): boolean =>
    one === code || (parents.get(one) !== undefined && isBelow(parents.get(one) ?? ''))
  return {
    scores: scores.filter((score) => isBelow(score.organisation)),
    findings: findings.filter((finding) => isBelow(finding.organisation)),
  }
}

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

function toJsonScore({ scoreE2, ...score }: OrganisationScore) {
  return { ...score, score: scoreE2 === null ? null : scoreText(scoreE2) }
}

function listSheet(findings: readonly AuditFinding[]) {
  return {
    name: '稽核 audit',
    headings: ['单位 organisation', '对象 object', '规则 rule', '阻断计费 blocking', '问题 problem'],
    rows: findings.map(({ organisation, object, rule, isBlocking, problem }) => [
      organisation,
      object,
      rule,
      isBlocking ? '是' : '否',
      problem,
    ]),
  }
}
