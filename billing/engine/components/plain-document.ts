import { dayMs } from '../../../domain/time.js'
import type { PlainInput } from '../../../storage/billing/plain-inputs.js'
import type { SegmentUsages } from '../../../storage/billing/usage-columns.js'

/** A plain account's inputs as the document that they would be, for the readable rules; it takes the schema of such documents. */
export function plainDocument(usages: SegmentUsages, row: number, input: PlainInput): unknown {
  const number = (column: Float64Array) => column[row] ?? Number.NaN
  const { terms, agreement, lastTariff, closing } = input
  const lastBillEnd = number(usages.lastBillEnd)
  const openingAsOf = number(usages.openingAsOf)
  const energies = [number(usages.energyE4), ...usages.touE4.subarray(4 * row, 4 * row + 4)].map(String)
  return {
    kind: 'regular',
    start: number(usages.periodStart),
    end: number(usages.periodEnd),
    inUseFrom: new Date((usages.ladderFromDay[row] ?? 0) * dayMs).toISOString().slice(0, 10),
    energies,
    quantities: furtherOf(input, energies),
    terms: parsed(terms),
    agreement: [agreement],
    lastBill: Number.isNaN(lastBillEnd)
      ? null
      : {
          end: lastBillEnd,
          tariff: lastTariff ?? '',
          ladderE4: String(number(usages.lastBillLadderE4)),
          closing: parsed(closing),
        },
    opening: Number.isNaN(openingAsOf)
      ? null
      : { asOf: openingAsOf, ladderE4: String(number(usages.openingLadderE4)), demands: [] },
  }
}

/** Those that a row says, by name. */
function furtherOf({ hasActiveEnergy, intervalDays }: PlainInput, energies: readonly string[]): readonly object[] {
  const active = { name: 'active_energy', unit: 'kWh', missing: null, registers: energies }
  if (intervalDays === null) return hasActiveEnergy ? [active] : []
  const { totalE4, missing } = intervalDays
  const registers = [totalE4 === null ? null : String(totalE4), null, null, null, null]
  const days = { name: 'interval_days', unit: 'kWh', missing, registers }
  return hasActiveEnergy ? [active, days] : [days]
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text)
}
