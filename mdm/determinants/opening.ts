import type { MeterId, RegisterSet } from '../../domain/reading.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { addDays, type Instant, type LocalDate, monthOf } from '../../domain/time.js'
import type { OpeningRow } from '../../storage/mdm/determinant-openings.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { deducted } from '../relations/deducted.js'
import { hasNegative, negative, noEnergy, plus, sumOf } from '../relations/energies.js'
import type { Energies } from './determinant.js'
import type { Hold } from './hold.js'
import { type DeterminantQuantity, valueOf } from './quantity.js'

/** What an account brings along from the old books, as far as the first bill begins with it. */
export interface AccountOpening {
  readonly asOf: Instant
  readonly asOfDay: LocalDate
  readonly batches: readonly string[]
  /** The last registers that were read and billed, before the multiplier. */
  readonly registers: ReadonlyMap<MeterId, RegisterSet>
  /** What was billed beyond them without reading, after the multiplier. */
  readonly estimates: readonly Energies[]
  /** Months that count for the year's ladder so far; null where there is no ladder. */
  readonly ladderMonths: number | null
}

/** The opening of one account; batches that contradict each other are no opening. */
export function toOpening(rows: readonly OpeningRow[]): Result<AccountOpening, Hold> {
  const first = present(rows[0], 'an opening item')
  if (rows.some(({ asOf }) => asOf !== first.asOf)) return differs('opening batches begin at different instants')
  const registers = rows.filter(({ kind }) => kind === 'register')
  const ladders = rows.filter(({ kind }) => kind === 'ladder')
  const byMeter = new Map(registers.map((row) => [present(row.meterId, 'the meter of a register'), registersOf(row)]))
  if (byMeter.size < registers.length || ladders.length > 1)
    return differs('two opening batches say the same thing differently, or twice')
  return ok({
    asOf: first.asOf,
    asOfDay: first.asOfDay,
    batches: [...new Set(rows.map(({ batch }) => batch))].toSorted(),
    registers: byMeter,
    estimates: rows.filter(({ kind }) => kind === 'estimate').map(energiesOf),
    ladderMonths: ladders[0]?.ladderMonths ?? null,
  })
}

/**
 * The segments of the first period with the last billed registers where they begin, whatever was read there. Rows are those of one
 * account that begin where its opening was taken; refused where the opening does not speak of the meter that hangs there, or counts
 * other months than the agreement.
 */
export function withOpening(rows: readonly SegmentRow[], opening: AccountOpening): Result<readonly SegmentRow[], Hold> {
  const first = present(rows[0], 'a segment of the account')
  const { asOf, asOfDay, registers, estimates, ladderMonths, batches } = opening
  if (ladderMonths !== null && ladderMonths !== monthsUsed(first.ladderFrom, asOfDay))
    return differs(
      `the ladder counts ${monthsUsed(first.ladderFrom, asOfDay)} months by the agreement, ${ladderMonths} by the opening`,
    )
  if (registers.size === 0)
    return estimates.length === 0 ? ok(rows) : differs('open estimates without the last billed registers')
  const own = first.meter === null ? undefined : registers.get(first.meter.meterId)
  if (own === undefined) return differs('the last billed registers are those of another meter')
  const start = { readAt: asOf, verdict: 'accepted', registers: own, source: null, rules: [], isDecidedByPerson: true }
  return ok([{ ...first, start, opensWith: batches.join(', ') }, ...rows.slice(1)])
}

/** Open estimates as a quantity that is taken off what the first real reading shows. */
export function openingEstimate(
  measured: Energies,
  { estimates, batches }: AccountOpening,
): DeterminantQuantity | null {
  if (estimates.length === 0) return null
  return {
    quantity: 'opening_estimate',
    unit: 'kWh',
    value: negative(sumOf(estimates.map((estimate) => deducted(measured, estimate)))),
    moment: null,
    otherPointId: null,
    basis: `billed without reading, opening ${batches.join(', ')}`,
    links: [],
  }
}

/** What is left to bill once estimates of the old books are trued up; more than was used is nothing to bill by itself. */
export function truedUp(energies: Energies, estimate: DeterminantQuantity): Result<Energies, Hold> {
  const [total, tou1, tou2, tou3, tou4] = valueOf(estimate) ?? noEnergy
  const left = plus(energies, [total, tou1 ?? 0n, tou2 ?? 0n, tou3 ?? 0n, tou4 ?? 0n])
  return hasNegative(left)
    ? err({ kind: 'opening_estimate_above', detail: 'the old books billed more by estimates than was used' })
    : ok(left)
}

/** Months of the ladder year that had begun before a day; one that opens a year has none behind it. */
function monthsUsed(ladderFrom: LocalDate, day: LocalDate): number {
  if (ladderFrom >= day || day.endsWith('-01-01')) return 0
  const last = monthOf(addDays(day, -1))
  const from = monthOf(ladderFrom)
  return last.month - (from.year < last.year ? 1 : from.month) + 1
}

function registersOf({ energyE4, touE4 }: OpeningRow): RegisterSet {
  return { totalE4: energyE4, touE4 }
}

function energiesOf({ energyE4, touE4 }: OpeningRow): Energies {
  return [energyE4, touE4[0] ?? 0n, touE4[1] ?? 0n, touE4[2] ?? 0n, touE4[3] ?? 0n]
}

function differs(detail: string) {
  return err<Hold>({ kind: 'opening_differs', detail })
}
