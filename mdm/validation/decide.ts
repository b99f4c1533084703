import { quantities } from '../../domain/quantities.js'
import type { Segment } from '../../domain/timeline.js'
import { type ClaimedKey, type Decision, decideGroup } from './decide-group.js'
import type { ValidationPolicy } from './policy.js'
import type { MeterFacts, PreviousValue, SupplyFacts } from './rule.js'
import type { AcceptedTotal } from './usage-memory.js'

/** What is known of a meter beside its keys; whatever is left out is not known. */
export interface ChainContext {
  readonly quantity?: number
  readonly supplies?: readonly Segment<SupplyFacts>[]
  /** Accepted totals before the first key, oldest first, the baseline's among them. */
  readonly history?: readonly AcceptedTotal[]
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
  { quantity = quantities.forward_active_energy.code, supplies = [], history = [] }: ChainContext = {},
): readonly Decision[] {
  const known = history.length > 0 || baseline === null ? history : [toTotal(baseline)]
  const [decisions = []] = decideGroup([{ meter, quantity, supplies, keys, baseline, history: known }], () => policy)
  return decisions
}

function toTotal({ readAt, registers }: PreviousValue): AcceptedTotal {
  return { readAt, totalE4: registers.totalE4 }
}
