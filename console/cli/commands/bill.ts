import type { Command } from 'commander'
import type { ComponentProof, ProofDocument } from '../../../billing/proof/proof-document.js'
import { UserError } from '../../../domain/errors.js'
import { correctionDueJson, correctionDueText } from '../../bills/correction-due-text.js'
import { correctionDueOf } from '../../bills/correction-due.js'
import { billEvidence } from '../../proof/bill-evidence.js'
import { intervalDaysJson } from '../../proof/interval-text.js'
import { billText, proofText } from '../../proof/proof-text.js'
import { billedRemainder } from '../../proof/remainder-text.js'
import { proveBill } from '../../proof/prove-bill.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { addBillExceptionsCommand } from './bill-exceptions.js'
import { addBillVerifyCommand } from './bill-verify.js'

interface Flags {
  readonly account?: string
  readonly json?: true
}

const idHelp = '账单号 bill number'
const accountHelp = '户号：其最近一张账单 account code, its last bill'

export function addBillCommand(program: Command, io: Io): void {
  const bill = program.command('bill').description('账单 a bill and its proof')
  bill
    .command('show')
    .description('账单明细 the lines of a bill')
    .argument('[number]', idHelp)
    .option('--account <code>', accountHelp)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (number: string | undefined, { json, account }: Flags) => {
      const { proof, due } = await loadBill(io, billOf(number, account))
      const correctionDue = correctionDueJson(due)
      if (json === true) io.out(toJson({ ...billDocument(proof), remainder: billedRemainder(proof), correctionDue }))
      else io.out([...billText(proof), ...correctionDueText(due)].join('\n'))
    })
  bill
    .command('prove')
    .description('账单证明 from frame bytes to fen, verified by the independent checker')
    .argument('[number]', idHelp)
    .option('--account <code>', accountHelp)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (number: string | undefined, { json, account }: Flags) => {
      const { due, ...proved } = await loadBill(io, billOf(number, account))
      if (json === true)
        io.out(toJson({ ...proved, remainder: billedRemainder(proved.proof), correctionDue: correctionDueJson(due) }))
      else io.out([...proofText(proved), ...correctionDueText(due)].join('\n'))
      if (!proved.verdict.holds)
        throw new UserError(
          'refused',
          `账单证明不成立 the proof of bill ${proved.proof.bill.number} does not hold at ${proved.verdict.node}`,
        )
    })
  addBillVerifyCommand(bill, io)
  addBillExceptionsCommand(bill, io)
}

/** A bill is proved from what was known when it was made; what is known since may be otherwise. */
function loadBill(io: Io, wanted: ReturnType<typeof billOf>) {
  return withDatabase(io, 'reader', async (reader) => ({
    ...(await proveBill(reader, wanted)),
    due: await correctionDueOf(reader, wanted),
  }))
}

function billDocument(proof: ProofDocument | ComponentProof): object {
  const common = { ...proof.bill, opening: proof.opening, ...billEvidence(proof) }
  if (proof.format === 'proof/2') return common
  const [period] = proof.rated.periods
  return { ...common, ...intervalDaysJson(proof), totals: period?.totals, quantities: period?.quantities }
}

/** Customer numbers are digits too, so the option says which of the two is meant. */
function billOf(
  number: string | undefined,
  account: string | undefined,
): { readonly billNumber: bigint } | { readonly accountCode: string } {
  if (account !== undefined && number === undefined) return { accountCode: account }
  if (account === undefined && number !== undefined && /^\d{1,18}$/.test(number)) return { billNumber: BigInt(number) }
  throw new UserError('bad_usage', '应给出账单号，或 --account 户号 expected a bill number, or --account CODE')
}
