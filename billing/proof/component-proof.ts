import { UserError } from '../../domain/errors.js'
import { present } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import { findComponentLines } from '../../storage/billing/component-bills.js'
import { decodeComponentInputs, readComponentInputs } from '../../storage/billing/component-inputs.js'
import type { ProofBillRow, ProofDeterminantRow } from '../../storage/billing/proof.js'
import { signedTariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Transaction } from '../../storage/database.js'
import { accountInputSchema } from '../by-account/account-input.js'
import { unpackLine } from '../by-account/packed-lines.js'
import { type AccountBill, rateByAccount } from '../by-account/rate-by-account.js'
import { loadFrozenTariffs } from '../runs/frozen-tariffs.js'
import type { Manifest } from '../runs/manifest.js'
import { openRun } from '../runs/open-run.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { evidenceOf, headOf } from './bill-evidence.js'
import type { ComponentProof } from './proof-document.js'

interface Read {
  readonly bill: ProofBillRow
  readonly used: ProofDeterminantRow
  readonly calendar: Calendar
  readonly registerMapOf: (model: string) => unknown
}

/** A bill under a tariff of components with all that it rests on: its stored lines beside those that its inputs come to once more. */
export async function componentContentOf(
  tx: Transaction,
  { bill, used, calendar, registerMapOf }: Read,
): Promise<Omit<ComponentProof, 'sha256'>> {
  const named = (await openRun(tx, bill.run_id)).manifest.tariffs.filter(({ code }) => code === bill.tariff_code)
  const period = { from: calendar.dateAt(bill.run_period_start), to: calendar.dateAt(bill.run_period_end) }
  const { components } = await loadFrozenTariffs(tx, { tariffs: named }, period)
  const rated = await rateAgain(tx, bill, present(components[0], `tariff ${bill.tariff_code}`), calendar)
  const lines = await findComponentLines(tx, { segmentId: bill.segment_id, ordinal: bill.ordinal })
  return {
    format: 'component-proof/1',
    bill: {
      ...headOf(bill, used, calendar),
      lines: present(lines, `lines of bill ${bill.bill_number}`).map(unpackLine),
    },
    ...(await evidenceOf(tx, bill, used, registerMapOf)),
    tariff: { versions: await documentsOf(tx, named, period) },
    usage: rated.usage,
    rated: rated.rated,
    ratedSha256: Buffer.from(rated.linesSha256).toString('hex'),
  }
}

async function rateAgain(
  tx: Transaction,
  bill: ProofBillRow,
  tariff: ComponentTariff,
  calendar: Calendar,
): Promise<AccountBill> {
  const accounts = { first: bill.account_id, last: bill.account_id }
  const query = { setId: bill.set_id, accounts, tariffCodes: [tariff.code] }
  const [input] = decodeComponentInputs(await readComponentInputs(tx, query))
  const document = accountInputSchema.parse(present(input, `inputs of account ${bill.account_code}`).document)
  const rated = rateByAccount(document, tariff, { calendar, zone: bill.time_zone })
  if (rated.ok) return rated.value
  const { kind, path, message } = rated.error
  throw new UserError('refused', `bill ${bill.bill_number} can no longer be rated: ${kind} ${path}: ${message}`)
}

async function documentsOf(
  tx: Transaction,
  named: Manifest['tariffs'],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ComponentProof['tariff']['versions']> {
  const rows = await signedTariffVersions(tx, [...new Set(named.map(({ code }) => code))], from, to)
  return rows
    .filter((row) => named.some(({ version }) => version === row.version))
    .map(({ document, sha256 }) => ({ document, sha256: sha256.toString('hex') }))
}
