import type { Command } from 'commander'
import { openRun } from '../../../billing/runs/open-run.js'
import { mostFaultsShown, type RunVerdict, verifyRun } from '../../../billing/verify/verify-run.js'
import { UserError } from '../../../domain/errors.js'
import type { Database } from '../../../storage/database.js'
import { correctionsDueOfSet } from '../../bills/correction-due.js'
import { billedDifferenceJson, billedDifferenceText } from '../../determinants/billed-difference-text.js'
import { createProgress } from '../../progress.js'
import { registerMapOf } from '../../proof/prove-bill.js'
import { linesCheckedText } from '../../proof/trusted-lines-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export function addBillVerifyCommand(bill: Command, io: Io): void {
  bill
    .command('verify')
    .description(
      '整批核验：独立核验程序逐张核对全部账单 the independent checker over every bill of a run; exit 1 if one does not hold',
    )
    .argument('<run>', '批次，见 close show run, listed by close show')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (runId: string, { json }: { readonly json?: true }) => {
      const { verdict, differences } = await withDatabase(io, 'reader', async (reader) => ({
        verdict: await verify(io, reader, runId),
        differences: await correctionsDueOfSet(reader, (await openRun(reader, runId)).setId),
      }))
      if (json === true) io.out(toJson({ ...verdict, correctionsDue: differences.map(billedDifferenceJson) }))
      else io.out([verdictText(verdict), billedDifferenceText(differences)].filter((part) => part !== null).join('\n'))
      if (verdict.faults > 0) throw new UserError('refused', `${runId}: ${verdict.faults} 处不成立 do not hold`)
    })
}

async function verify(io: Io, reader: Database, runId: string): Promise<RunVerdict> {
  const { manifest } = await openRun(reader, runId)
  const accounts = manifest.segments.reduce((sum, segment) => sum + segment.accounts, 0)
  const bar = createProgress(io).stage('核验账单 bills verified', accounts)
  try {
    const verdict = await verifyRun(reader, createRealClock(), {
      runId,
      registerMapOf,
      advance: (bills) => bar.advance(bills),
    })
    bar.done()
    return verdict
  } finally {
    bar.stop()
  }
}

function verdictText({ runId, segments, bills, lines, faults, shown }: RunVerdict): string {
  const summary = [
    `批次 run ${runId}：${segments} 段 segments，${bills} 张账单 bills，不成立 faults ${faults}`,
    ...linesCheckedText(lines),
  ].join('\n')
  if (faults === 0) return `${summary}\n✓ 独立核验程序逐张确认 the independent checker confirms every bill`
  return [
    summary,
    textTable(
      ['账单 bill', '户号 account', '位置 node', '应为 expected', '实为 found'],
      shown.map(({ bill, account, segment, node, expected, found }) => [
        bill ?? segment,
        account ?? '',
        node,
        expected,
        found,
      ]),
    ),
    ...(faults > mostFaultsShown ? [`… ${faults - mostFaultsShown} more`] : []),
  ].join('\n')
}
