import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { type FreezeReport, freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { billedDifferenceJson, billedDifferenceText } from '../../determinants/billed-difference-text.js'
import { billedOfSet } from '../../determinants/billed-of-set.js'
import { determinantDocument, loadDeterminant } from '../../determinants/determinant-document.js'
import { determinantText, holdWords } from '../../determinants/determinant-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { monthPeriod } from '../month-period.js'
import { parseInstant } from '../parse-instant.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface FreezeFlags {
  readonly organisation: string
  readonly actor: string
  readonly json?: true
}

interface ShowFlags {
  readonly known?: string
  readonly json?: true
}

export function addDeterminantsCommand(program: Command, io: Io): void {
  const determinants = program.command('determinants').description('计费量 what accounts are billed on')
  determinants
    .command('show')
    .description(
      '某户某月计费量，其示数、判定与来源 every quantity of an account, its readings, decisions and where they come from',
    )
    .argument('<account>', '户号 account code')
    .argument('<month>', '月份 a month, YYYY-MM')
    .option('--known <instant>', '何时已知：此时之前最后一次冻结，默认现在 the last freeze known then; now by default')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (account: string, month: string, { known, json }: ShowFlags) => {
      const { periodStart: from, periodEnd: to } = monthPeriod(month)
      const knownAt = known === undefined ? createRealClock().now() : parseInstant(known)
      const loaded = await withDatabase(io, 'reader', (reader) =>
        loadDeterminant(reader, { account, from, to, knownAt }),
      )
      if (loaded === null)
        throw new UserError('not_found', `${account} ${month}: 未冻结 not frozen; see shuangwu determinants freeze`)
      const document = determinantDocument(month, loaded)
      io.out(json === true ? toJson(document) : determinantText(document))
    })
  determinants
    .command('freeze')
    .description('冻结计费量，无变化则不写 freezes a month; writes nothing when nothing changed')
    .argument('<month>', '月份 a month, YYYY-MM')
    .requiredOption('--organisation <code>', '单位及其下级 of this organisation and those below it')
    .requiredOption('--actor <id>', '操作者 who acts')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (month: string, { organisation, actor, json }: FreezeFlags) => {
      const period = monthPeriod(month)
      const now = createRealClock().now()
      if (period.periodEnd > now)
        throw new UserError('refused', `${month}: 月份未结束 the month is not over, so nobody knows what it comes to`)
      const [report, differences] = await withDatabase(io, 'mdm', async (mdm) => {
        await requireActor(mdm, actor)
        const frozen = await freezeDeterminants(mdm, { organisation, ...period, now })
        return [frozen, await billedOfSet(mdm, frozen.setId)] as const
      })
      if (json === true)
        return io.out(
          toJson({ ...reportDocument(month, report), billedDifferences: differences.map(billedDifferenceJson) }),
        )
      io.out(reportText(month, report))
      const billed = billedDifferenceText(differences)
      if (billed !== null) io.out(billed)
    })
}

function reportDocument(month: string, { digest, ...report }: FreezeReport): object {
  return { month, ...report, digest: digest.toString('hex') }
}

function reportText(month: string, report: FreezeReport): string {
  const { outcome, setId, revision, accountCount, determinantCount, holds, digest } = report
  const counts = new Map<string, number>()
  for (const { code } of holds) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [
    `${month} · 集 set ${setId} · 修订 revision ${revision} · ${outcome === 'created' ? '新冻结 frozen' : '与上次相同 the same as before'}`,
    `户 accounts ${accountCount} · 计费量 determinants ${determinantCount} · 待核 held ${holds.length} · SHA-256 ${digest.toString('hex').slice(0, 16)}…`,
    ...[...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, count]) => `  ${[holdWords(code), code].join(' ').trim()}: ${count}`),
  ].join('\n')
}
