import type { Command } from 'commander'
import { trialBalance } from '../../../billing/ledger/trial-balance.js'
import { UserError } from '../../../domain/errors.js'
import { yuan } from '../../../domain/scaled.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export function addLedgerCommand(program: Command, io: Io): void {
  program
    .command('ledger')
    .description('账务 the ledger')
    .command('trial-balance')
    .description('试算平衡 totals per account; exit 1 if debits and credits differ')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const balance = await withDatabase(io, 'reader', trialBalance)
      const rows = balance.accounts.map((row) => [
        `${row.accountNumber} ${row.nameZh} ${row.nameEn}`,
        yuan(row.debitFen),
        yuan(row.creditFen),
      ])
      const total = ['合计 total', yuan(balance.debitFen), yuan(balance.creditFen)]
      io.out(
        json === true
          ? toJson(balance)
          : textTable(['科目 ledger account', '借方 debit', '贷方 credit'], [...rows, total]),
      )
      if (!balance.balanced) throw new UserError('refused', '总账不平 the ledger does not balance')
    })
}
