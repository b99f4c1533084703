import { addDays, type Calendar, dayMs, type Instant } from '../../domain/time.js'
import type { HistoryRow } from '../../storage/mdm/exception-evidence.js'

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/**
 * One sign a day for the usage up to each midnight: a bar, `·` where nothing is known, `?` held, `~` an estimate, `↓` where the register
 * fell. @returns the signs and the largest usage, kWh e4.
 */
export function sparkline(
  history: readonly HistoryRow[],
  { calendar, through, days }: { readonly calendar: Calendar; readonly through: Instant; readonly days: number },
): { readonly signs: string; readonly largestE4: bigint } {
  const byDay = new Map(history.map((row) => [calendar.dateAt(row.readAt), row]))
  const last = calendar.dateAt(through)
  const cells = Array.from({ length: days }, (_, index) => {
    const date = addDays(last, index + 1 - days)
    return usageOf(byDay.get(date), byDay.get(addDays(date, -1)))
  })
  const largestE4 = cells.reduce((most, { usageE4 }) => (usageE4 !== null && usageE4 > most ? usageE4 : most), 0n)
  return { signs: cells.map((cell) => signOf(cell, largestE4)).join(''), largestE4 }
}

interface Cell {
  readonly sign: string | null
  readonly usageE4: bigint | null
}

function usageOf(row: HistoryRow | undefined, before: HistoryRow | undefined): Cell {
  if (row === undefined) return { sign: '·', usageE4: null }
  if (row.verdict === 'held' || row.verdict === 'undecided') return { sign: '?', usageE4: null }
  if (row.verdict === 'estimated') return { sign: '~', usageE4: null }
  const known = before !== undefined && before.verdict !== 'held' && row.readAt - before.readAt <= 2 * dayMs
  if (!known || before.totalE4 === null || row.totalE4 === null) return { sign: '·', usageE4: null }
  const usageE4 = row.totalE4 - before.totalE4
  return usageE4 < 0n ? { sign: '↓', usageE4: null } : { sign: null, usageE4 }
}

function signOf({ sign, usageE4 }: Cell, largestE4: bigint): string {
  if (sign !== null || usageE4 === null) return sign ?? '·'
  const step = largestE4 === 0n ? 0 : Number((usageE4 * BigInt(bars.length - 1)) / largestE4)
  return bars[step] ?? '·'
}
