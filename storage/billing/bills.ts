import type { ChargeLine } from '../../domain/bill.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'

/** A bill as it is issued; energies kWh e4. */
export interface IssuedBill {
  readonly ordinal: number
  readonly accountId: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly energyE4: bigint
  readonly amountFen: bigint
  readonly ladderEnergyE4: bigint
  readonly estimated: boolean
  readonly lines: readonly ChargeLine[]
  readonly tariffCode: string
  readonly tariffVersion: number
  readonly linesSha256: Uint8Array
}

/** Types of the columns of `bill`, in the order of its COPY. */
export const billColumns = [
  'int8',
  'int4',
  'int8',
  'timestamptz',
  'timestamptz',
  'int8',
  'int8',
  'int8',
  'bool',
  'int2[]',
  'int2[]',
  'int2[]',
  'int8[]',
  'int8[]',
  'int8[]',
  'text',
  'int4',
  'bytea',
] as const
const copyBills = `copy bill (segment_id, ordinal, account_id, period_start, period_end, energy_e4, amount_fen, ladder_energy_e4,
  estimated, line_component, line_slot, line_block, line_quantity_e4, line_price_e8, line_fen, tariff_code, tariff_version,
  lines_sha256) from stdin (format binary)`

export async function insertBills(tx: Transaction, segmentId: bigint, bills: readonly IssuedBill[]): Promise<void> {
  const rows = bills.map(
    (bill) =>
      [
        segmentId,
        bill.ordinal,
        bill.accountId,
        bill.periodStart,
        bill.periodEnd,
        bill.energyE4,
        bill.amountFen,
        bill.ladderEnergyE4,
        bill.estimated,
        bill.lines.map((line) => line.component),
        bill.lines.map((line) => line.slot),
        bill.lines.map((line) => line.block),
        bill.lines.map((line) => line.quantityE4),
        bill.lines.map((line) => line.priceE8),
        bill.lines.map((line) => line.amountFen),
        bill.tariffCode,
        bill.tariffVersion,
        bill.linesSha256,
      ] as const,
  )
  await tx.copyIn(copyBills, encodeCopy(billColumns, rows))
}

/** Each bill with an amount becomes an open item. */
export async function insertReceivables(
  tx: Transaction,
  segmentId: bigint,
  bills: readonly IssuedBill[],
  dueDate: LocalDate,
): Promise<void> {
  const rows = bills
    .filter((bill) => bill.amountFen !== 0n)
    .map((bill) => [segmentId, bill.ordinal, bill.accountId, dueDate, bill.amountFen] as const)
  await tx.copyIn(
    'copy receivable (segment_id, ordinal, account_id, due_date, amount_fen) from stdin (format binary)',
    encodeCopy(['int8', 'int4', 'int8', 'date', 'int8'], rows),
  )
}
