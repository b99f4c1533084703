import { quantities } from '../../../domain/quantities.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { dayMs } from '../../../domain/time.js'
import { defaultValidationPolicy } from '../../../mdm/validation/built-in-policy.js'
import { noNeighbours } from '../../../mdm/validation/neighbours.js'
import type { Candidate, Claim, SupplyFacts, ValidationRule } from '../../../mdm/validation/rule.js'
import { toUsageHistory, type UsageHistory } from '../../../mdm/validation/usage-history.js'

export const meter = { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 }
export const policy = defaultValidationPolicy
export const { limits } = policy.classes.residential

/** A residential supply without transformers, installed long ago. */
export const home: SupplyFacts = {
  usageClass: 'residential',
  areaId: 1n,
  multiplier: 1n,
  contractCapacityKva: null,
  installedAt: -400 * dayMs,
  exportAgreed: false,
}

/** Registers in hundredths of a kWh: the total, then tou2 and tou4. */
export function set(total: number, ...tou: readonly number[]): RegisterSet {
  const [tou2 = null, tou4 = null] = tou.map((value) => BigInt(value) * 100n)
  return { totalE4: BigInt(total) * 100n, touE4: [null, tou2, null, tou4] }
}

export function claim(registers: RegisterSet, source: Claim['source'] = 'scheduled'): Claim {
  return { registers, source }
}

/** Usages of the days before, in kWh, oldest first. */
export function usual(...kwh: readonly number[]): UsageHistory {
  return toUsageHistory(BigInt64Array.from(kwh, (each) => BigInt(Math.round(each * 100)) * 100n))
}

/** So many days of one usage in kWh. */
export function steady(days: number, kwh: number): UsageHistory {
  return usual(...Array.from({ length: days }, () => kwh))
}

/** A candidate at home one day after a previous value, of a meter without a history. */
export function candidate(previous: RegisterSet | null, chosen: RegisterSet, more: Partial<Candidate> = {}): Candidate {
  return {
    meter,
    quantity: quantities.forward_active_energy.code,
    readAt: dayMs,
    claims: [claim(chosen)],
    chosen: claim(chosen),
    previous: previous === null ? null : { readAt: 0, registers: previous },
    dueAt: null,
    supply: home,
    history: usual(),
    neighbours: noNeighbours,
    clock: 'trusted',
    demandE4: null,
    ...more,
  }
}

/** Whether a rule has something to say under the built-in limits of a home. */
export function speaks(rule: ValidationRule, one: Candidate): boolean {
  return rule(one, limits) !== null
}
