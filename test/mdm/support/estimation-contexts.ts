import { addDays, beijing, dayMs, type LocalDate } from '../../../domain/time.js'
import { defaultEstimationPolicy, type EstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { toDaySeries, type DaySeries } from '../../../mdm/estimation/day-series.js'
import type { EstimationContext, PeerProfile, UsageHistory } from '../../../mdm/estimation/estimation-context.js'
import type { ClassRule, MethodName, MethodRule } from '../../../mdm/estimation/policy-document.js'

/** A Monday that is no first of a month: the day on which the gap begins. */
export const gapOpens: LocalDate = '2026-06-15'
const firstTotalE4 = 1000_0000n

/** The days before the gap, in kWh; of a day that is not known the closing midnight is not. */
export function historyOf(days: readonly (number | null)[]): UsageHistory {
  let total = firstTotalE4
  const totalsE4: (bigint | null)[] = [total]
  for (const day of days) {
    total += BigInt(day ?? 5) * 10_000n
    totalsE4.push(day === null ? null : total)
  }
  return {
    firstMidnight: addDays(gapOpens, -days.length),
    totalsE4,
    tariffUsagesE4: [null, ((total - firstTotalE4) * 3n) / 4n, null, (total - firstTotalE4) / 4n],
  }
}

export interface ContextParts {
  readonly days: readonly (number | null)[]
  /** The point's midnight, in days from the beginning of the gap. */
  readonly at: number
  /** kWh of the whole gap and its end in days; without it nothing was read since. */
  readonly later?: { readonly at: number; readonly kWh: number }
  readonly peers?: PeerProfile
  readonly boundary?: boolean
  readonly ageDays?: number
  readonly registerDigits?: number
}

/** A point with a peak and a valley register that differ from the total by 0.02 kWh. */
export function contextOf({
  days,
  at,
  later,
  peers,
  boundary = false,
  ageDays = 30,
  registerDigits = 6,
}: ContextParts) {
  const opens = beijing.startOfDay(gapOpens)
  const usedE4 = days.reduce<bigint>((sum, day) => sum + BigInt(day ?? 5) * 10_000n, firstTotalE4)
  const registersAt = (totalE4: bigint) => {
    const valley = ((totalE4 / 4n) * 100n) / 10_000n
    const valleyE4 = valley * 100n
    return { totalE4, touE4: [null, totalE4 - valleyE4 - 200n, null, valleyE4] as const }
  }
  const context: EstimationContext = {
    width: { registerDigits, registerDecimals: 2 },
    usageClass: 'residential',
    calendar: beijing,
    readAt: opens + at * dayMs,
    now: opens + (at + ageDays) * dayMs,
    boundary,
    before: { readAt: opens, registers: registersAt(usedE4) },
    after:
      later === undefined
        ? null
        : { readAt: opens + later.at * dayMs, registers: registersAt(usedE4 + BigInt(later.kWh) * 10_000n) },
    history: historyOf(days),
    peers: peers ?? new Map(),
  }
  return context
}

/** A policy in which homes know these methods alone. */
export function policyOf(
  methods: readonly (Partial<MethodRule> & { readonly method: MethodName })[],
  limits: Partial<ClassRule> = {},
): EstimationPolicy {
  const { document } = defaultEstimationPolicy
  const rule = { afterHours: 0, leastHistoryDays: 7, greatestGapDays: 31, leastPeers: 3 }
  const residential = {
    ...document.classes.residential,
    ...limits,
    methods: methods.map((each) => ({ ...rule, ...each })),
  }
  return { version: 'estimation/1', document: { ...document, classes: { ...document.classes, residential } } }
}

export function seriesOf(
  days: readonly (number | null)[],
  gapDays: number,
  { peers = new Map(), holidays = [] }: { readonly peers?: PeerProfile; readonly holidays?: readonly LocalDate[] } = {},
): DaySeries {
  const calendar = { holidays: new Set(holidays), workingWeekends: new Set<LocalDate>() }
  return toDaySeries(historyOf(days), gapDays, { peers, leastPeers: 3, calendar })
}

/** Days of the peers from the first of the history on, as a share of their usual day in ten-thousandths. */
export function peersOf(days: number, shares: readonly number[], peers = 5): PeerProfile {
  return new Map(shares.map((share, day) => [addDays(gapOpens, day - days), { shareE4: BigInt(share), peers }]))
}
