import { addDays, type LocalDate } from '../../domain/time.js'
import type { KnownRegisters, UsageHistory } from '../../mdm/estimation/estimation-context.js'
import { beijing } from '../../domain/time.js'

/** Days of one household: what a register with two decimals showed at each midnight, kWh e4. */
export interface Household {
  readonly code: string
  readonly firstMidnight: LocalDate
  /** True totals; one more than there are days. */
  readonly totalsE4: readonly bigint[]
  /** Whether the day before the midnight was measured whole: others are no truth and no history. */
  readonly measured: readonly boolean[]
}

/** As far back as the product looks. */
export const historyDays = 70
const displayStepE4 = 100n

/** @param usagesE4 by day; null where the data has a hole, which the day a week before fills so that the register goes on. */
export function toHousehold(code: string, firstMidnight: LocalDate, usagesE4: readonly (bigint | null)[]): Household {
  const filled: bigint[] = []
  for (const [day, usage] of usagesE4.entries()) filled.push(usage ?? filled[day - 7] ?? 0n)
  let exact = 0n
  const totalsE4 = [0n, ...filled.map((usage) => (exact += usage))].map((total) => total - (total % displayStepE4))
  return { code, firstMidnight, totalsE4, measured: [true, ...usagesE4.map((usage) => usage !== null)] }
}

/** What the product would know of the days before a midnight. */
export function historyBefore(household: Household, midnight: number): UsageHistory {
  const from = Math.max(0, midnight - historyDays)
  const totals = household.totalsE4.slice(from, midnight + 1)
  return {
    firstMidnight: addDays(household.firstMidnight, from),
    totalsE4: totals.map((total, index) => (household.measured[from + index] === true ? total : null)),
    tariffUsagesE4: [null, null, null, null],
  }
}

export function registersAt({ firstMidnight, totalsE4 }: Household, midnight: number): KnownRegisters {
  return {
    readAt: beijing.startOfDay(addDays(firstMidnight, midnight)),
    registers: { totalE4: totalsE4[midnight] ?? 0n, touE4: [null, null, null, null] },
  }
}

/** Whether every day of [from, to] was measured, so that the truth is known. */
export function isMeasured({ measured }: Household, from: number, to: number): boolean {
  return measured.slice(from, to + 1).every(Boolean) && to < measured.length
}
