import { createHash } from 'node:crypto'
import { components, slots } from '../../domain/bill.js'
import { UserError } from '../../domain/errors.js'
import { err, invariant, InvariantError, ok, present, type Result } from '../../domain/result.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import { type Calendar, calendarFor } from '../../domain/time.js'
import { findProofDeterminant, type ProofBillRow, type ProofDeterminantRow } from '../../storage/billing/proof.js'
import { readUsages } from '../../storage/billing/segment-usages.js'
import { toUsageColumns } from '../../storage/billing/usage-columns.js'
import type { Database, Transaction } from '../../storage/database.js'
import { ladderOpening } from '../engine/ladder-opening.js'
import { rememberDays } from '../engine/local-days.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'
import { evidenceOf, headOf, theBill, type WantedBill } from './bill-evidence.js'
import { type BillNotRated, componentContentOf } from './component-proof.js'
import { type ComponentRows, isOfComponents } from './component-rows.js'
import type { ComponentProof, ProofDocument, ProofLine } from './proof-document.js'
import type { SegmentContext } from './proof-segments.js'
import { kwh, nameOf } from './proof-values.js'

export interface ProofRequest {
  readonly bill: WantedBill
  readonly registerMapOf: SegmentContext['registerMapOf']
}

/** Collects everything one issued bill rests on, down to the frames. Runs under the role reader; writes nothing. */
export async function buildProof(database: Database, request: ProofRequest): Promise<ProofDocument | ComponentProof> {
  return database.transaction(
    async (tx) => {
      const bill = await theBill(tx, request.bill)
      const proof = await proofOf(tx, bill, { registerMapOf: request.registerMapOf })
      if (proof.ok) return proof.value
      throw new UserError(
        'refused',
        `账单已不能重算 bill ${bill.bill_number} can no longer be rated: ${problemText(proof.error)}`,
      )
    },
    { isolation: 'repeatable read' },
  )
}

export function problemText({ problem }: BillNotRated): string {
  return typeof problem === 'string' ? problem : `${problem.kind} ${problem.path}: ${problem.message}`
}

/** How a bill that is already at hand is proved. */
export interface ProofContext extends Pick<ProofRequest, 'registerMapOf'> {
  /** Where ladders stood, kWh e4 by account, where somebody has read them already. */
  readonly ladderOpenings?: ReadonlyMap<bigint, number>
  /** What bills under tariffs of components rest on, where somebody has read it already. */
  readonly components?: ComponentRows | undefined
}

/** Rows that a bill rests on and that are gone are a finding about the bill, as amounts that differ are. */
export async function proofOf(
  tx: Transaction,
  bill: ProofBillRow,
  context: ProofContext,
): Promise<Result<ProofDocument | ComponentProof, BillNotRated>> {
  try {
    return await readProof(tx, bill, context)
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error
    return err({ kind: 'bill_not_rated', problem: error.message })
  }
}

async function readProof(
  tx: Transaction,
  bill: ProofBillRow,
  { registerMapOf, ladderOpenings, components: rows }: ProofContext,
): Promise<Result<ProofDocument | ComponentProof, BillNotRated>> {
  const determinant = await findProofDeterminant(tx, bill.set_id, bill.account_id)
  const used = present(determinant, `determinants of account ${bill.account_code}`)
  const read = { bill, used, calendar: calendarFor(bill.time_zone), registerMapOf }
  if (!isOfComponents(bill.tariff_document))
    return ok(sealed(await contentOf(tx, { ...read, ladderOpening: ladderOpenings?.get(bill.account_id) })))
  const content = await componentContentOf(tx, { ...read, rows })
  return content.ok ? ok(sealed(content.value)) : content
}

function sealed<Content extends object>(content: Content): Content & { readonly sha256: string } {
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

interface Read {
  readonly bill: ProofBillRow
  readonly used: ProofDeterminantRow
  readonly calendar: Calendar
  readonly registerMapOf: ProofRequest['registerMapOf']
  readonly ladderOpening: number | undefined
}

async function contentOf(tx: Transaction, read: Read): Promise<Omit<ProofDocument, 'sha256'>> {
  const { bill, used, calendar, registerMapOf } = read
  return {
    format: 'proof/2',
    bill: { ...headOf(bill, used, calendar), lines: linesOf(bill) },
    ...(await evidenceOf(tx, bill, used, registerMapOf)),
    tariff: { document: bill.tariff_document, sha256: bill.tariff_sha256.toString('hex') },
    ladder: await ladderOf(tx, read),
  }
}

/** Where the ladder stood when the period began; a bill under a ladder was not issued without it. */
async function ladderOf(
  tx: Transaction,
  { bill, used, calendar, ladderOpening: known }: Read,
): Promise<ProofDocument['ladder']> {
  if (!hasLadder(bill.tariff_document)) return null
  const opening = known ?? (await readOpening(tx, bill, calendar))
  invariant(!Number.isNaN(opening), `the ladder opening of account ${bill.account_code} is known`)
  return { from: used.ladder_from, opening: kwh(BigInt(opening)) }
}

async function readOpening(tx: Transaction, bill: ProofBillRow, calendar: Calendar): Promise<number> {
  const accounts = { first: bill.account_id, last: bill.account_id }
  const bytes = await readUsages(tx, { runId: bill.run_id, setId: bill.set_id, accounts }, 1)
  return ladderOpening(toUsageColumns(bytes), 0, rememberDays(calendar))
}

function hasLadder(tariff: unknown): boolean {
  return typeof tariff === 'object' && tariff !== null && 'ladder' in tariff && tariff.ladder !== null
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
