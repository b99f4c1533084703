import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { calendarFor } from '../../../domain/time.js'
import { exceptionCounts, runExceptions } from '../../../storage/billing/run-exceptions.js'
import { findRun, runCounts } from '../../../storage/billing/runs.js'
import type { Queryable } from '../../../storage/database.js'
import { exceptionCountsText, exceptionWords } from '../../bills/exception-counts-text.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { localInstants } from '../local-instants.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export function addBillExceptionsCommand(bill: Command, io: Io): void {
  bill
    .command('exceptions')
    .description('某批次未出账的户及原因 accounts that get no bill from a run, and why')
    .argument('<run>', '批次，见 close show run, listed by close show')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (runId: string, { json }: { readonly json?: true }) => {
      const found = await withDatabase(io, 'reader', (reader) => load(reader, runId))
      io.out(json === true ? toJson(found) : exceptionsText(found))
    })
}

async function load(reader: Queryable, runId: string) {
  const run = await findRun(reader, runId)
  if (run === null) throw new UserError('not_found', `${runId}: 无此批次 there is no billing run of that name`)
  const { accountsIn, bills } = await runCounts(reader, runId)
  const byCode = (await exceptionCounts(reader)).get(runId) ?? {}
  const calendar = calendarFor(run.time_zone)
  const exceptions = (await runExceptions(reader, runId)).map(({ detail, ...one }) => {
    return { ...one, detail: localInstants(detail, calendar) }
  })
  return { runId, accounts: accountsIn, bills, byCode, exceptions }
}

function exceptionsText({ runId, accounts, bills, byCode, exceptions }: Awaited<ReturnType<typeof load>>): string {
  const counts = exceptions.length === 0 ? '' : `（${exceptionCountsText(byCode)}）`
  return [
    `批次 run ${runId}：户数 accounts ${accounts} = 账单 bills ${bills} + 例外 exceptions ${exceptions.length}${counts}`,
    ...(exceptions.length === 0
      ? []
      : [
          textTable(
            ['户号 account', '原因 reason', '说明 detail'],
            exceptions.map(({ account, code, detail }) => [account, exceptionWords(code), detail]),
          ),
        ]),
  ].join('\n')
}
