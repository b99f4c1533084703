import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { billText, proofText } from '../../proof/proof-text.js'
import { proveBill } from '../../proof/prove-bill.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'

interface Flags {
  readonly json?: true
}

const idHelp = '账单号或户号 bill number, or account code (its last bill)'

export function addBillCommand(program: Command, io: Io): void {
  const bill = program.command('bill').description('账单 a bill and its proof')
  bill
    .command('show')
    .description('账单明细 the lines of a bill')
    .argument('<id>', idHelp)
    .option('--json', 'one JSON document')
    .action(async (id: string, { json }: Flags) => {
      const { proof } = await withDatabase(io, 'reader', (reader) => proveBill(reader, billOf(id)))
      io.out(json === true ? toJson(proof.bill) : billText(proof).join('\n'))
    })
  bill
    .command('prove')
    .description('账单证明 from frame bytes to fen, verified by the independent checker')
    .argument('<id>', idHelp)
    .option('--json', 'one JSON document')
    .action(async (id: string, { json }: Flags) => {
      const proved = await withDatabase(io, 'reader', (reader) => proveBill(reader, billOf(id)))
      io.out(json === true ? toJson(proved) : proofText(proved).join('\n'))
      if (!proved.verdict.holds)
        throw new UserError('refused', `the proof of bill ${id} does not hold at ${proved.verdict.node}`)
    })
}

function billOf(id: string): { readonly billNumber: bigint } | { readonly accountCode: string } {
  return /^\d{1,18}$/.test(id) ? { billNumber: BigInt(id) } : { accountCode: id }
}
