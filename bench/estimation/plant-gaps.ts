import type { Random } from '../../domain/runtime.js'
import { addDays, beijing, dayMs, hourMs } from '../../domain/time.js'
import { estimateRegisters } from '../../mdm/estimation/estimate-registers.js'
import type { EstimationPolicy } from '../../mdm/estimation/default-policy.js'
import type { Estimate, EstimationContext } from '../../mdm/estimation/estimation-context.js'
import { peerProfileOf } from '../../mdm/estimation/peer-profile-of.js'
import { ascending } from '../../mdm/estimation/day-series.js'
import { type Household, historyBefore, historyDays, isMeasured, registersAt } from './households.js'
import { peersOf } from './measure-errors.js'

/** An estimate beside the truth and the usual practice; kWh e4. */
export interface Judged {
  readonly method: Estimate['method']
  readonly days: number
  readonly truthE4: bigint
  readonly errorE4: bigint
  readonly lowE4: bigint
  readonly highE4: bigint
  /** Usage of the equal period before ± 1.64 standard deviations of such periods in the history, not below nothing. */
  readonly usual: { readonly lowE4: bigint; readonly highE4: bigint; readonly errorE4: bigint }
}

/** A gap: midnights `start + 1 … start + length` were not read. */
export interface Gap {
  readonly place: number
  readonly start: number
  readonly length: number
}

export function drawGaps(
  households: readonly Household[],
  { count, lengths, random }: { readonly count: number; readonly lengths: readonly number[]; readonly random: Random },
): readonly Gap[] {
  return Array.from({ length: count }, (_, turn) => {
    const length = lengths[turn % lengths.length] ?? 1
    const place = random.below(households.length, 'place', turn)
    const days = (households[place]?.totalsE4.length ?? 0) - 1
    const start = historyDays + random.below(Math.max(1, days - historyDays - length - 1), 'start', turn)
    return { place, start, length }
  }).filter(({ place, start, length }) => {
    const household = households[place]
    return household !== undefined && isMeasured(household, start, start + length + 1)
  })
}

/**
 * What the product says of the midnight so many days into a gap. `asOf` is the age at which it is asked; with `null` nobody ever reads
 * the meter again.
 */
export function judge(
  households: readonly Household[],
  { place, start, length }: Gap,
  days: number,
  policy: EstimationPolicy,
  asOfHours: number | null,
): Judged | null {
  const household = households[place]
  if (household === undefined) return null
  const readAt = beijing.startOfDay(addDays(household.firstMidnight, start + days))
  const known = asOfHours !== null && (length + 1 - days) * dayMs <= asOfHours * hourMs
  const before = registersAt(household, start)
  const context: EstimationContext = {
    width: { registerDigits: 8, registerDecimals: 2 },
    usageClass: 'residential',
    calendar: beijing,
    readAt,
    now: readAt + (asOfHours === null ? 62 * dayMs : asOfHours * hourMs),
    boundary: false,
    before,
    after: known ? registersAt(household, start + length + 1) : null,
    history: historyBefore(household, start),
    peers: known
      ? new Map()
      : peerProfileOf(peersOf(households, place).map((peer) => historyBefore(peer, start + days))),
  }
  const result = estimateRegisters(context, policy)
  const usual = usualPractice(household, start, days)
  if (!result.ok || usual === null) return null
  const { method, registers, lowE4, highE4 } = result.value
  const truthE4 = household.totalsE4[start + days] ?? 0n
  const base = before.registers.totalE4
  return {
    method,
    days,
    truthE4,
    errorE4: registers.totalE4 - truthE4,
    lowE4,
    highE4,
    usual: { lowE4: base + usual.lowE4, highE4: base + usual.highE4, errorE4: base + usual.middleE4 - truthE4 },
  }
}

function usualPractice(household: Household, start: number, days: number) {
  const { totalsE4 } = historyBefore(household, start)
  const periods = totalsE4.flatMap((total, index) => {
    const later = totalsE4[index + days] ?? null
    return total === null || later === null ? [] : [later - total]
  })
  const [from, to] = [totalsE4.at(-1 - days) ?? null, totalsE4.at(-1) ?? null]
  if (from === null || to === null || periods.length < 5) return null
  const middleE4 = to - from
  const mean = periods.reduce((sum, each) => sum + each, 0n) / BigInt(periods.length)
  const variance = periods.reduce((sum, each) => sum + (each - mean) ** 2n, 0n) / BigInt(periods.length - 1)
  const reach = (rootOf(variance) * 164n) / 100n
  return { middleE4, lowE4: middleE4 > reach ? middleE4 - reach : 0n, highE4: middleE4 + reach }
}

/** Whole square root, rounded down. */
function rootOf(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) / 2n
    if (next >= root) return root
    root = next
  }
}

export interface Quality {
  readonly points: number
  /** Truths inside the 90 % interval, per thousand. */
  readonly coveredPerMille: number
  readonly usualCoveredPerMille: number
  /** Mean width against that of the usual practice, per thousand. */
  readonly widthPerMille: number
  /** Mean size of the error, and that of the usual practice; kWh e4. */
  readonly meanErrorE4: bigint
  readonly usualMeanErrorE4: bigint
  /** Mean estimate above (+) or below (−) the truth, kWh e4. */
  readonly biasE4: bigint
  readonly middleWidthPerMille: number
}

export function qualityOf(judged: readonly Judged[]): Quality {
  const points = judged.length
  const count = BigInt(Math.max(1, points))
  const perMille = (part: number) => Math.round((1000 * part) / Math.max(1, points))
  const size = (value: bigint) => (value < 0n ? -value : value)
  const sum = (of: (each: Judged) => bigint) => judged.reduce((total, each) => total + of(each), 0n)
  const usualWidth = sum(({ usual }) => usual.highE4 - usual.lowE4)
  const middle = (of: (each: Judged) => bigint) => judged.map(of).toSorted(ascending)[Math.floor(points / 2)] ?? 0n
  return {
    points,
    coveredPerMille: perMille(
      judged.filter(({ truthE4, lowE4, highE4 }) => lowE4 <= truthE4 && truthE4 <= highE4).length,
    ),
    usualCoveredPerMille: perMille(
      judged.filter(({ truthE4, usual }) => usual.lowE4 <= truthE4 && truthE4 <= usual.highE4).length,
    ),
    widthPerMille: ratio(
      sum(({ highE4, lowE4 }) => highE4 - lowE4),
      usualWidth,
    ),
    middleWidthPerMille: ratio(
      middle(({ highE4, lowE4 }) => highE4 - lowE4),
      middle(({ usual }) => usual.highE4 - usual.lowE4),
    ),
    meanErrorE4: sum(({ errorE4 }) => size(errorE4)) / count,
    usualMeanErrorE4: sum(({ usual }) => size(usual.errorE4)) / count,
    biasE4: sum(({ errorE4 }) => errorE4) / count,
  }
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1000n) / whole)
}
