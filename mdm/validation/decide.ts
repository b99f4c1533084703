import { quantities } from '../../domain/quantities.js'
import type { Segment } from '../../domain/timeline.js'
import { type ClaimedKey, type Decision, decideGroup } from './decide-group.js'
import type { ValidationPolicy } from './policy.js'
import type { MeterFacts, PreviousValue, SupplyFacts } from './rule.js'
import { type AcceptedTotals, noTotals } from './usage-memory.js'

/** What is known of a meter beside its keys; whatever is left out is not known. */
export interface ChainContext {
  readonly quantity?: number
  readonly supplies?: readonly Segment<SupplyFacts>[]
  /** Accepted totals before the first key, oldest first, the baseline's among them. */
  readonly history?: AcceptedTotals
}

/**
 * Decisions on the keys of one meter and quantity by themselves, each against the last accepted value before it: `decideGroup` without
 * neighbours. A pure function of the set of claims: neither the order of `keys` nor of the claims in them matters.
 */
export function decideChain(
  meter: MeterFacts,
  keys: readonly ClaimedKey[],
  baseline: PreviousValue | null,
  policy: ValidationPolicy,
  { quantity = quantities.forward_active_energy.code, supplies = [], history = noTotals }: ChainContext = {},
): readonly Decision[] {
  const known = history.readAts.length > 0 || baseline === null ? history : toTotals(baseline)
  const [decisions = []] = decideGroup([{ meter, quantity, supplies, keys, baseline, history: known }], () => policy)
  return decisions
}

function toTotals({ readAt, registers }: PreviousValue): AcceptedTotals {
  return { readAts: [readAt], totalsE4: [registers.totalE4] }
}
