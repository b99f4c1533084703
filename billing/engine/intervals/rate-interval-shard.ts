import { noBlock } from '../../../domain/bill.js'
import { present } from '../../../domain/result.js'
import type { IntervalChargeRows } from '../../../storage/billing/interval-charge-rows.js'
import type { DayLinks } from '../../../storage/billing/interval-day-links.js'
import { createLineWriter, type LineWriter } from '../line-writer.js'
import { findDays } from './find-days.js'
import type { IntervalRates } from './interval-rates.js'
import type { IntervalKernel } from './kernel.js'
import { createRowCharges, createRowRoom, rateRows, type RowCharges } from './rate-rows.js'
import type { RatesBook } from './rates-book.js'

/** Accounts with their days as the database sent them. */
export interface IntervalAccounts {
  readonly links: DayLinks
  /** What `readIntervalDays` read, in the memory of the kernel. */
  readonly days: Uint8Array
}

/** Why an account with interval days is not charged by them. */
export interface ParkedAccount {
  readonly accountId: number
  readonly code: string
  /** For a person. */
  readonly detail: string
}

export interface RatedIntervalShard {
  readonly charges: IntervalChargeRows
  readonly parked: readonly ParkedAccount[]
}

/** From the bytes the database sent to lines in columns; every account is either charged or parked. */
export function rateIntervalShard(
  { links, days: bytes }: IntervalAccounts,
  book: RatesBook,
  kernel: IntervalKernel,
): RatedIntervalShard {
  const named = findDays(links, bytes)
  const days = { links, named, bytes }
  const charges = createRowCharges(links.count)
  const groups = new Map<IntervalRates, number[]>()
  for (let row = 0; row < links.count; row++) {
    const rates = ratesOf(links, row, named.slotMinutes[named.firstOf[row] ?? 0] ?? 0, book)
    charges.rates[row] = rates
    if ('code' in rates) continue
    const group = groups.get(rates)
    if (group === undefined) groups.set(rates, [row])
    else group.push(row)
  }
  const own = createRowRoom(kernel, [...groups.keys()], bytes)
  for (const [rates, rows] of groups) rateRows(days, rates, rows, own, charges)
  return writeLines(links, charges)
}

function ratesOf(links: DayLinks, row: number, minutes: number, book: RatesBook): RowCharges['rates'][number] {
  const missing = links.missing.get(row)
  if (missing !== undefined) return { code: 'interval_days_unknown', detail: missing }
  if (minutes === 0) return { code: 'interval_day_missing', detail: '' }
  const code = links.tariffCodes[links.tariff[row] ?? -1] ?? ''
  const period = { from: links.periodStart[row] ?? 0, to: links.periodEnd[row] ?? 0 }
  const rates = book(code, period, minutes)
  return rates.ok ? rates.value : { code: rates.error.kind, detail: code }
}

const held = 1

function writeLines(links: DayLinks, charges: RowCharges): RatedIntervalShard {
  const writer = createLineWriter(links.count)
  const parked: ParkedAccount[] = []
  for (let row = 0; row < links.count; row++) {
    const reason = writeRow(writer, row, charges)
    if (reason !== null) parked.push({ accountId: links.accountId[row] ?? 0, ...reason })
  }
  const { accountId, periodStart, periodEnd, count } = links
  const tariffs = charges.rates.map((own, row) => tariffOf(links, row, own))
  const { energyE4 } = charges
  return { charges: { ...writer.finish(), count, accountId, periodStart, periodEnd, energyE4, tariffs }, parked }
}

/** @returns why the row has no lines, or null */
function writeRow(
  writer: LineWriter,
  row: number,
  { rates, quantityE4, fen, most }: RowCharges,
): Omit<ParkedAccount, 'accountId'> | null {
  const own = present(rates[row], `rates of row ${row}`)
  if ('code' in own) {
    writer.close(row, held, 0)
    return own
  }
  for (let line = 0; line < own.lines.length; line++) {
    const { component, slot, priceE8 } = present(own.lines[line], 'a line of the rates')
    const quantity = quantityE4[most * row + line] ?? 0
    if (quantity !== 0) writer.add(component, slot, noBlock, quantity, priceE8, fen[most * row + line] ?? 0)
  }
  writer.close(row, 0, 0)
  return null
}

function tariffOf({ tariff, tariffCodes }: DayLinks, row: number, rates: RowCharges['rates'][number]) {
  return { code: tariffCodes[tariff[row] ?? -1] ?? '', version: 'code' in rates ? 0 : rates.version }
}
