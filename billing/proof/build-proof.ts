import { createHash } from 'node:crypto'
import { components, slots } from '../../domain/bill.js'
import { UserError } from '../../domain/errors.js'
import { invariant, present } from '../../domain/result.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import { type Calendar, calendarFor } from '../../domain/time.js'
import {
  findProofBills,
  findProofDeterminant,
  type ProofBillRow,
  type ProofDeterminantRow,
} from '../../storage/billing/proof.js'
import { readUsages } from '../../storage/billing/segment-usages.js'
import { toUsageColumns } from '../../storage/billing/usage-columns.js'
import type { Database, Queryable, Transaction } from '../../storage/database.js'
import { ladderOpening } from '../engine/ladder-opening.js'
import { rememberDays } from '../engine/local-days.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'
import type { ProofDocument, ProofLine } from './proof-document.js'
import { openingOf } from './proof-opening.js'
import { relationsOf } from './proof-relations.js'
import { segmentsOf } from './proof-segments.js'
import { kwh, nameOf, registersOf } from './proof-values.js'

export interface ProofRequest {
  /** A bill number, or the code of an account whose last bill is meant. */
  readonly bill: { readonly billNumber: bigint } | { readonly accountCode: string }
  /** Register map of a Modbus model as its forward active energy needs it; null for a model without one. */
  readonly registerMapOf: (model: string) => unknown
}

/** Collects everything one issued bill rests on, down to the frames. Runs under the role reader; writes nothing. */
export async function buildProof(database: Database, request: ProofRequest): Promise<ProofDocument> {
  return database.transaction(
    async (tx) => {
      const bill = await theBill(tx, request)
      return proofOf(tx, bill, request)
    },
    { isolation: 'repeatable read' },
  )
}

/** How a bill that is already at hand is proved. */
export interface ProofContext extends Pick<ProofRequest, 'registerMapOf'> {
  /** Where ladders stood, kWh e4 by account, where somebody has read them already. */
  readonly ladderOpenings?: ReadonlyMap<bigint, number>
}

export async function proofOf(tx: Transaction, bill: ProofBillRow, context: ProofContext): Promise<ProofDocument> {
  const content = await contentOf(tx, bill, calendarFor(bill.time_zone), context)
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

async function theBill(client: Queryable, { bill: wanted }: ProofRequest): Promise<ProofBillRow> {
  const bills = await findProofBills(client, wanted)
  const what = 'billNumber' in wanted ? `bill ${wanted.billNumber}` : `bill of account ${wanted.accountCode}`
  const [first, second] = bills
  if (first === undefined) throw new UserError('not_found', `there is no issued ${what}`)
  if ('billNumber' in wanted && second !== undefined)
    throw new UserError(
      'refused',
      `${what} exists more than once (${bills.map((row) => row.account_code).join(', ')}); name the account`,
    )
  return first
}

async function contentOf(
  tx: Transaction,
  bill: ProofBillRow,
  calendar: Calendar,
  request: ProofContext,
): Promise<Omit<ProofDocument, 'sha256'>> {
  const determinant = await findProofDeterminant(tx, bill.set_id, bill.account_id)
  const used = present(determinant, `determinants of account ${bill.account_code}`)
  const context = { registerMapOf: request.registerMapOf, frozenAt: bill.frozen_at }
  const freeze = { setId: bill.set_id, periodStart: bill.run_period_start, periodEnd: bill.run_period_end }
  return {
    format: 'proof/2',
    bill: billOf(bill, used, calendar),
    segments: await segmentsOf(tx, used, context),
    relations: await relationsOf(tx, used, freeze, context),
    opening: await openingOf(tx, used, bill.frozen_at),
    determinant: registersOf({ ...used, total_e4: used.energy_e4 }),
    tariff: { document: bill.tariff_document, sha256: bill.tariff_sha256.toString('hex') },
    ladder: await ladderOf(tx, bill, used, { calendar, known: request.ladderOpenings?.get(bill.account_id) }),
    entry: entryOf(bill),
  }
}

/** Where the ladder stood when the period began; a bill under a ladder was not issued without it. */
async function ladderOf(
  tx: Transaction,
  bill: ProofBillRow,
  used: ProofDeterminantRow,
  { calendar, known }: { readonly calendar: Calendar; readonly known: number | undefined },
): Promise<ProofDocument['ladder']> {
  if (!hasLadder(bill.tariff_document)) return null
  const opening = known ?? (await readOpening(tx, bill, calendar))
  invariant(!Number.isNaN(opening), `the ladder opening of account ${bill.account_code} is known`)
  return { from: used.ladder_from, opening: kwh(BigInt(opening)) }
}

async function readOpening(tx: Transaction, bill: ProofBillRow, calendar: Calendar): Promise<number> {
  const bytes = await readUsages(tx, bill.set_id, { first: bill.account_id, last: bill.account_id })
  return ladderOpening(toUsageColumns(bytes), 0, rememberDays(calendar))
}

function hasLadder(tariff: unknown): boolean {
  return typeof tariff === 'object' && tariff !== null && 'ladder' in tariff && tariff.ladder !== null
}

function billOf(bill: ProofBillRow, used: ProofDeterminantRow, calendar: Calendar): ProofDocument['bill'] {
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
    lines: linesOf(bill),
    linesSha256: bill.lines_sha256.toString('hex'),
  }
}

function linesOf(bill: ProofBillRow): readonly ProofLine[] {
  return bill.line_fen.map((fen, index) => ({
    component: nameOf(components, bill.line_component[index]),
    slot: nameOf(slots, bill.line_slot[index]),
    block: present(bill.line_block[index], 'line_block'),
    energy: kwh(present(bill.line_quantity_e4[index], 'line_quantity_e4')),
    price: formatScaled(present(bill.line_price_e8[index], 'line_price_e8'), 8),
    amount: yuan(fen),
  }))
}

function entryOf(bill: ProofBillRow): ProofDocument['entry'] {
  if (bill.ledger_numbers === null || bill.amounts_fen === null || bill.effective_date === null) return null
  const amounts = bill.amounts_fen
  const legs = bill.ledger_numbers.map((account, index) => ({
    account,
    amount: yuan(present(amounts[index], 'leg of an entry')),
  }))
  return { date: bill.effective_date, legs }
}
