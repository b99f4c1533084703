import type { SegmentUsages } from '../../storage/billing/usage-columns.js'
import { noProgram, type UsageColumns } from './columns.js'
import { ladderOpening } from './ladder-opening.js'
import type { LocalDays } from './local-days.js'

/** What the kernel rates: a shard's usages, each with its program, its local days and where its ladder stands. */
export function usagesToRate(usages: SegmentUsages, tariffCodes: readonly string[], days: LocalDays): UsageColumns {
  const { count } = usages
  const programs = usages.tariffCodes.map((code) => tariffCodes.indexOf(code))
  const program = new Uint16Array(count)
  const ladderOpeningE4 = new Float64Array(count)
  const periodFromDay = new Int32Array(count)
  const periodToDay = new Int32Array(count)
  for (let row = 0; row < count; row++) {
    const known = programs[usages.tariff[row] ?? -1] ?? -1
    program[row] = known < 0 ? noProgram : known
    ladderOpeningE4[row] = ladderOpening(usages, row, days)
    periodFromDay[row] = days(usages.periodStart[row] ?? Number.NaN)
    periodToDay[row] = days(usages.periodEnd[row] ?? Number.NaN)
  }
  const { energyE4, touE4, ladderFromDay, transfer } = usages
  return { count, program, energyE4, touE4, ladderOpeningE4, ladderFromDay, periodFromDay, periodToDay, transfer }
}
