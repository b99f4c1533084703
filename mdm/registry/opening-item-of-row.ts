import type { OpeningItemEntry } from '../../domain/opening-entries.js'
import { present, unreachable } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { OpeningItemRow } from '../../storage/registry/content-rows.js'
import { stated } from './stated.js'

/** What the old books say, as a document states it; a CHECK of the table sees to it that each kind has its columns. */
export function openingItem(row: OpeningItemRow, account: string, meter: string | null): OpeningItemEntry {
  const own = { batch: row.batch, account }
  switch (row.kind) {
    case 'register':
      return {
        ...own,
        kind: row.kind,
        meter: present(meter, 'the meter of registers'),
        energyKwh: energy(row.energy_e4),
        ...stated({
          tou1Kwh: decimalIf(row.tou1_e4),
          tou2Kwh: decimalIf(row.tou2_e4),
          tou3Kwh: decimalIf(row.tou3_e4),
          tou4Kwh: decimalIf(row.tou4_e4),
        }),
      }
    case 'ladder':
      return {
        ...own,
        kind: row.kind,
        energyKwh: energy(row.energy_e4),
        ladderMonths: present(row.ladder_months, 'months'),
      }
    case 'demand':
      return { ...own, kind: row.kind, month: present(row.month, 'a month'), demandKw: energy(row.demand_kw_e4) }
    case 'estimate':
      return {
        ...own,
        kind: row.kind,
        fromDay: present(row.from_day, 'a first day'),
        toDay: present(row.to_day, 'an end'),
        energyKwh: energy(row.energy_e4),
      }
    case 'prepaid':
      return { ...own, kind: row.kind, amount: money(row.amount_fen) }
    case 'arrear':
      return {
        ...own,
        kind: row.kind,
        bill: present(row.bill, 'a bill of the old books'),
        amount: money(row.amount_fen),
        dueDate: present(row.due_date, 'a due date'),
      }
    default:
      return unreachable(row.kind)
  }
}

function energy(value: bigint | null): string {
  return formatScaled(present(value, 'a quantity'), 4)
}

function money(value: bigint | null): string {
  return formatScaled(present(value, 'an amount'), 2)
}

function decimalIf(value: bigint | null): string | null {
  return value === null ? null : formatScaled(value, 4)
}
