import { UserError } from '../../domain/errors.js'
import { present } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import type { ProofBillRow, ProofDeterminantRow } from '../../storage/billing/proof.js'
import type { Transaction } from '../../storage/database.js'
import { accountInputSchema } from '../by-account/account-input.js'
import { unpackLine } from '../by-account/packed-lines.js'
import { type AccountBill, rateByAccount } from '../by-account/rate-by-account.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { evidenceOf, headOf } from './bill-evidence.js'
import { type ComponentRows, readComponentRows } from './component-rows.js'
import type { ComponentProof } from './proof-document.js'
import { intervalsOf } from './proof-interval-days.js'

interface Read {
  readonly bill: ProofBillRow
  readonly used: ProofDeterminantRow
  readonly calendar: Calendar
  readonly registerMapOf: (model: string) => unknown
  /** Where somebody has read it for many bills already. */
  readonly rows: ComponentRows | undefined
}

/** A bill under a tariff of components with all that it rests on: its stored lines beside those that its inputs come to once more. */
export async function componentContentOf(
  tx: Transaction,
  { bill, used, calendar, registerMapOf, rows }: Read,
): Promise<Omit<ComponentProof, 'sha256'>> {
  const { tariffs, inputs, lines } = rows ?? (await readComponentRows(tx, [bill], calendar))
  const { tariff, versions } = present(tariffs.get(bill.tariff_code), `tariff ${bill.tariff_code}`)
  const rated = rateAgain(bill, inputs.get(bill.account_id), tariff, calendar)
  const stored = present(lines.get(bill.ordinal), `lines of bill ${bill.bill_number}`)
  return {
    format: 'component-proof/1',
    bill: { ...headOf(bill, used, calendar), lines: stored.map(unpackLine) },
    ...(await evidenceOf(tx, bill, used, registerMapOf)),
    tariff: { versions },
    intervals: rated.fromCurve ? await intervalsOf(tx, bill) : null,
    usage: rated.usage,
    rated: rated.rated,
    ratedSha256: Buffer.from(rated.linesSha256).toString('hex'),
  }
}

function rateAgain(bill: ProofBillRow, input: unknown, tariff: ComponentTariff, calendar: Calendar): AccountBill {
  const document = accountInputSchema.parse(present(input, `inputs of account ${bill.account_code}`))
  const rated = rateByAccount(document, tariff, { calendar, zone: bill.time_zone })
  if (rated.ok) return rated.value
  const { kind, path, message } = rated.error
  throw new UserError('refused', `bill ${bill.bill_number} can no longer be rated: ${kind} ${path}: ${message}`)
}
