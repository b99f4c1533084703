import { createHash } from 'node:crypto'
import { components, slots } from '../../domain/bill.js'
import { UserError } from '../../domain/errors.js'
import { quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import { type Calendar, calendarFor, type Instant } from '../../domain/time.js'
import {
  findProofBills,
  findProofDeterminant,
  findProofMeter,
  findProofReading,
  type ProofBillRow,
  type ProofDeterminantRow,
  type ProofReadingRow,
} from '../../storage/billing/proof.js'
import { type AccountUsage, streamUsages } from '../../storage/billing/segment-usages.js'
import type { Database, Queryable, Transaction } from '../../storage/database.js'
import { ladderOpening } from '../runs/ladder-opening.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'
import type {
  ProofBoundary,
  ProofDocument,
  ProofFrame,
  ProofLine,
  ProofRegisters,
  ProofSegment,
} from './proof-document.js'

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
      const calendar = calendarFor(bill.time_zone)
      const content = await contentOf(tx, bill, calendar, request)
      return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
    },
    { isolation: 'repeatable read' },
  )
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
  request: ProofRequest,
): Promise<Omit<ProofDocument, 'sha256'>> {
  const determinant = await findProofDeterminant(tx, bill.set_id, bill.account_id)
  const used = present(determinant, `determinants of account ${bill.account_code}`)
  return {
    format: 'proof/1',
    bill: billOf(bill, used, calendar),
    segments: await segmentsOf(tx, used, request),
    determinant: registersOf({ ...used, total_e4: used.energy_e4 }),
    tariff: { document: bill.tariff_document, sha256: bill.tariff_sha256.toString('hex') },
    ladder: await ladderOf(tx, bill, used, calendar),
    entry: entryOf(bill),
  }
}

/** Where the ladder stood when the period began; a bill under a ladder was not issued without it. */
async function ladderOf(
  tx: Transaction,
  bill: ProofBillRow,
  used: ProofDeterminantRow,
  calendar: Calendar,
): Promise<ProofDocument['ladder']> {
  if (!hasLadder(bill.tariff_document)) return null
  const opening = ladderOpening(await theUsage(tx, bill), calendar)
  return { from: used.ladder_from, opening: kwh(present(opening, `ladder opening of account ${bill.account_code}`)) }
}

function hasLadder(tariff: unknown): boolean {
  return typeof tariff === 'object' && tariff !== null && 'ladder' in tariff && tariff.ladder !== null
}

async function theUsage(tx: Transaction, bill: ProofBillRow): Promise<AccountUsage> {
  const usages: AccountUsage[] = []
  await streamUsages(tx, bill.set_id, { first: bill.account_id, last: bill.account_id }, (usage) => usages.push(usage))
  return present(usages[0], `usage of account ${bill.account_code}`)
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

async function segmentsOf(
  client: Queryable,
  used: ProofDeterminantRow,
  request: ProofRequest,
): Promise<readonly ProofSegment[]> {
  const segments: ProofSegment[] = []
  for (const [index, meterId] of used.meter_ids.entries()) {
    const meter = present(await findProofMeter(client, meterId), `meter ${meterId}`)
    segments.push({
      meter: {
        code: meter.code,
        address: meter.communication_address,
        model: meter.model,
        registerDigits: meter.register_digits,
        registerMap: meter.protocol === 'modbus' ? request.registerMapOf(meter.model) : null,
      },
      multiplier: present(used.multipliers[index], 'multiplier'),
      start: await boundaryOf(client, meterId, present(used.start_reads[index], 'start_read')),
      end: await boundaryOf(client, meterId, present(used.end_reads[index], 'end_read')),
    })
  }
  return segments
}

async function boundaryOf(client: Queryable, meterId: bigint, at: Instant): Promise<ProofBoundary> {
  const row = await findProofReading(client, meterId, quantities.forward_active_energy.code, at)
  const reading = present(row, `decision on meter ${meterId} at ${new Date(at).toISOString()}`)
  return {
    at: new Date(at).toISOString(),
    verdict: reading.verdict,
    rules: reading.rules,
    reason: reading.reason,
    source: reading.source === null ? null : nameOf(readingSources, reading.source),
    registers: registersOf(reading),
    frame: frameOf(reading),
    document:
      reading.document === null || reading.noted_by === null
        ? null
        : { name: reading.document, notedBy: reading.noted_by },
  }
}

function frameOf(row: ProofReadingRow): ProofFrame | null {
  if (row.response === null) return null
  return {
    line: present(row.line_code, 'line of a frame'),
    sequence: String(present(row.line_sequence, 'line_sequence')),
    receivedAt: new Date(present(row.received_at, 'received_at')).toISOString(),
    protocol: present(row.protocol, 'protocol'),
    request: row.request?.toString('hex') ?? null,
    response: row.response.toString('hex'),
  }
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

function registersOf(row: {
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
}): ProofRegisters {
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = [row.tou1_e4, row.tou2_e4, row.tou3_e4, row.tou4_e4].map(
    (energyE4) => (energyE4 === null ? null : kwh(energyE4)),
  )
  return { total: kwh(row.total_e4), tou1, tou2, tou3, tou4 }
}

function nameOf(numbers: Readonly<Record<string, number>>, number: number | undefined): string {
  return present(
    Object.entries(numbers).find(([, value]) => value === number),
    `name of ${number}`,
  )[0]
}

function kwh(energyE4: bigint): string {
  return formatScaled(energyE4, 4)
}
