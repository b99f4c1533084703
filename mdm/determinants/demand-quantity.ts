import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { groupBy } from '../../domain/group-by.js'
import { type Instant, isoText } from '../../domain/time.js'
import type { SettledDemand } from '../../storage/mdm/determinant-quantities.js'
import type { DeterminantSegment } from './determinant.js'
import type { Registers } from './quantity.js'

export interface MaximumDemand {
  readonly value: Registers | { readonly missing: string }
  readonly moment: Instant | null
}

/**
 * The maximum demand of a period: of all settlements of its meters, each times its own multiplier, the highest (billing-rules 2.6), register
 * by register. Each meter must have been settled at the end of its segment, otherwise the highest may lie in what nobody read. A demand is
 * never estimated.
 */
export function maximumDemand(
  segments: readonly DeterminantSegment[],
  demands: readonly SettledDemand[],
): MaximumDemand {
  const peaks: SettledDemand[] = []
  for (const { meterId, multiplier, startAt, endAt } of segments) {
    const own = demands.filter(
      (each) => each.meterId === meterId && each.settledAt > startAt && each.settledAt <= endAt,
    )
    const settlements = groupBy(own, ({ settledAt }) => settledAt)
    if (!settlements.has(endAt)) return missing(`no demand was settled at ${isoText(endAt)}`)
    for (const [settledAt, claims] of settlements) {
      const first = present(claims[0], 'a demand')
      if (claims.some((claim) => !sameRegisters(claim.registers, first.registers)))
        return missing(`several demands are claimed for ${isoText(settledAt)}`)
      peaks.push(multiplied(first, BigInt(multiplier)))
    }
  }
  const highest = peaks.reduce((a, b) => (b.registers.totalE4 > a.registers.totalE4 ? b : a))
  const tou = [0, 1, 2, 3].map((register) => largest(peaks.map(({ registers }) => registers.touE4[register] ?? null)))
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = tou
  return { value: [highest.registers.totalE4, tou1, tou2, tou3, tou4], moment: highest.occurredAt }
}

function multiplied(demand: SettledDemand, multiplier: bigint): SettledDemand {
  const { totalE4, touE4 } = demand.registers
  const times = (value: bigint | null) => (value === null ? null : value * multiplier)
  const tou = [times(touE4[0]), times(touE4[1]), times(touE4[2]), times(touE4[3])] as const
  return { ...demand, registers: { totalE4: totalE4 * multiplier, touE4: tou } }
}

function largest(values: readonly (bigint | null)[]): bigint | null {
  return values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
}

function missing(why: string): MaximumDemand {
  return { value: { missing: why }, moment: null }
}
