import type { MeterId, RegisterSet } from '../../domain/reading.js'
import { dayMs } from '../../domain/time.js'
import type { RuleLimits } from './policy.js'
import { registerDelta } from './register-delta.js'
import type { Candidate } from './rule.js'

interface Placed {
  readonly candidate: Candidate
  readonly limits: RuleLimits
}

/** How many times what it counted on its fullest day a meter may have counted, to be taken for the one that goes on here. */
const fittingTimes = 2n

/**
 * Pairs that changed places: one register fell or is shown with other tariffs than before, and putting each value into the other's series
 * gives both an ordinary day. The other one may seem to go on by itself where both registers are near each other; nobody can tell, so it
 * is doubted, too. Each meter is in one pair at most; ties go to the lower meter id. Keys are meters, values their partners.
 */
export function findSwaps(all: readonly Placed[]): ReadonlyMap<MeterId, MeterId> {
  const found = new Map<MeterId, MeterId>()
  const fallen = all.filter(({ candidate, limits }) => isTelling(candidate, limits) && isAnother(candidate))
  if (fallen.length === 0) return found
  const sorted = all
    .filter(({ candidate, limits }) => isTelling(candidate, limits))
    .toSorted((a, b) => (a.candidate.meter.meterId < b.candidate.meter.meterId ? -1 : 1))
  for (const { candidate: one } of fallen) {
    if (found.has(one.meter.meterId)) continue
    const partner = sorted.find(
      ({ candidate: other }) => !found.has(other.meter.meterId) && hasChangedPlaces(one, other),
    )
    if (partner === undefined) continue
    found.set(one.meter.meterId, partner.candidate.meter.meterId)
    found.set(partner.candidate.meter.meterId, one.meter.meterId)
  }
  return found
}

function isTelling({ previous, history }: Candidate, { leastHistoryDays }: RuleLimits): boolean {
  return previous !== null && history.days >= leastHistoryDays
}

/** Whether the value is not what the meter itself can show after its previous one. */
function isAnother({ previous, chosen }: Candidate): boolean {
  if (previous === null) return false
  return chosen.registers.totalE4 < previous.registers.totalE4 || !hasSameTariffs(chosen.registers, previous.registers)
}

function hasChangedPlaces(one: Candidate, other: Candidate): boolean {
  return one !== other && continues(one, other) && continues(other, one)
}

function hasSameTariffs(one: RegisterSet, other: RegisterSet): boolean {
  return one.touE4.every((value, index) => (value === null) === ((other.touE4[index] ?? null) === null))
}

/** Whether the value of `said` is what the series of `series` would go on with. */
function continues(series: Candidate, said: Candidate): boolean {
  const { previous, history, readAt, meter } = series
  if (previous === null || !hasSameTariffs(previous.registers, said.chosen.registers)) return false
  const days = BigInt(Math.max(1, Math.ceil((readAt - previous.readAt) / dayMs)))
  const mostE4 = history.mostE4 * fittingTimes * days
  const usage = registerDelta(previous.registers.totalE4, said.chosen.registers.totalE4, meter, mostE4)
  return usage.ok && usage.value <= mostE4
}
