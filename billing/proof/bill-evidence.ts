import { UserError } from '../../domain/errors.js'
import { present } from '../../domain/result.js'
import { yuan } from '../../domain/scaled.js'
import type { Calendar } from '../../domain/time.js'
import { findProofBills, type ProofBillRow, type ProofDeterminantRow } from '../../storage/billing/proof.js'
import type { Queryable, Transaction } from '../../storage/database.js'
import type { ProofBillHead, ProofEvidence } from './proof-document.js'
import { openingOf } from './proof-opening.js'
import { relationsOf } from './proof-relations.js'
import { type SegmentContext, segmentsOf } from './proof-segments.js'
import { kwh, registersOf } from './proof-values.js'

/** A bill number, or the code of an account whose last bill is meant. */
export type WantedBill = { readonly billNumber: bigint } | { readonly accountCode: string }

export async function theBill(client: Queryable, wanted: WantedBill): Promise<ProofBillRow> {
  const bills = await findProofBills(client, wanted)
  const what = 'billNumber' in wanted ? `bill ${wanted.billNumber}` : `bill of account ${wanted.accountCode}`
  const [first, second] = bills
  if (first === undefined) throw new UserError('not_found', `没有已发行的此账单 there is no issued ${what}`)
  if ('billNumber' in wanted && second !== undefined)
    throw new UserError(
      'refused',
      `${what} 不止一张 exists more than once (${bills.map((row) => row.account_code).join(', ')}); name the account`,
    )
  return first
}

/** What a bill rests on, whatever its tariff. */
export async function evidenceOf(
  tx: Transaction,
  bill: ProofBillRow,
  used: ProofDeterminantRow,
  registerMapOf: SegmentContext['registerMapOf'],
): Promise<Omit<ProofEvidence, 'sha256'>> {
  const context = { registerMapOf, frozenAt: bill.frozen_at }
  const freeze = { setId: bill.set_id, periodStart: bill.run_period_start, periodEnd: bill.run_period_end }
  return {
    segments: await segmentsOf(tx, used, context),
    relations: await relationsOf(tx, used, freeze, context),
    opening: await openingOf(tx, used, bill.frozen_at),
    determinant: registersOf({ ...used, total_e4: used.energy_e4 }),
    entry: entryOf(bill),
    receivable: receivableOf(bill),
  }
}

export function headOf(bill: ProofBillRow, used: ProofDeterminantRow, calendar: Calendar): ProofBillHead {
  return {
    organisation: bill.organisation_code,
    number: String(bill.bill_number),
    account: bill.account_code,
    run: bill.run_id,
    manifestSha256: bill.manifest_sha256.toString('hex'),
    periodFrom: calendar.dateAt(bill.period_start),
    periodTo: calendar.dateAt(bill.period_end),
    settlement: used.settlement_kind,
    tariffCode: bill.tariff_code,
    tariffVersion: bill.tariff_version,
    energy: kwh(bill.energy_e4),
    ladderEnergy: kwh(bill.ladder_energy_e4),
    amount: yuan(bill.amount_fen),
    estimated: bill.estimated,
    accountingDate: bill.accounting_date,
    dueDate: bill.due_date,
    linesSha256: bill.lines_sha256.toString('hex'),
  }
}

function entryOf(bill: ProofBillRow): ProofEvidence['entry'] {
  if (bill.ledger_numbers === null || bill.amounts_fen === null || bill.effective_date === null) return null
  const amounts = bill.amounts_fen
  const legs = bill.ledger_numbers.map((account, index) => ({
    account,
    amount: yuan(present(amounts[index], 'leg of an entry')),
  }))
  return { account: bill.entry_account, kind: bill.document_kind ?? '', date: bill.effective_date, legs }
}

function receivableOf({ owed_by, owed_fen, owed_on }: ProofBillRow): ProofEvidence['receivable'] {
  return owed_fen === null || owed_on === null ? null : { account: owed_by, amount: yuan(owed_fen), dueDate: owed_on }
}
