import type { ReadingSource, RegisterSet } from '../../domain/reading.js'
import { readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import { decrease } from './decrease.js'
import { disputed } from './disputed.js'
import { liveTolerance } from './live-tolerance.js'
import type { ValidationPolicy } from './policy.js'
import type { Candidate, Claim, MeterFacts, PreviousValue, ValidationRule } from './rule.js'
import { spike } from './spike.js'
import { tariffSum } from './tariff-sum.js'

/** The rules in the order in which they are asked; all are heard, and any that speaks holds the key. */
export const validationRules: readonly { readonly name: string; readonly rule: ValidationRule }[] = [
  { name: 'disputed', rule: disputed },
  { name: 'live_tolerance', rule: liveTolerance },
  { name: 'decrease', rule: decrease },
  { name: 'spike', rule: spike },
  { name: 'tariff_sum', rule: tariffSum },
]

export interface Decision {
  readonly readAt: Instant
  readonly verdict: 'accepted' | 'held'
  /** The accepted value; null when held. */
  readonly value: Claim | null
  readonly rules: readonly string[]
  readonly reason: string
}

/** All claims under one key, in any order. */
export interface ClaimedKey {
  readonly readAt: Instant
  readonly claims: readonly Claim[]
  readonly dueAt: Instant | null
}

/**
 * Decisions on the keys of one meter and quantity, each against the last accepted value before it. A pure function of the set of
 * claims: neither the order of `keys` nor of the claims in them matters.
 */
export function decideChain(
  meter: MeterFacts,
  keys: readonly ClaimedKey[],
  baseline: PreviousValue | null,
  policy: ValidationPolicy,
): readonly Decision[] {
  let previous = baseline
  return keys
    .toSorted((a, b) => a.readAt - b.readAt)
    .map((key) => {
      const decision = decideKey(meter, key, previous, policy)
      if (decision.value !== null) previous = { readAt: key.readAt, registers: decision.value.registers }
      return decision
    })
}

function decideKey(
  meter: MeterFacts,
  { readAt, claims, dueAt }: ClaimedKey,
  previous: PreviousValue | null,
  policy: ValidationPolicy,
): Decision {
  const distinct = distinctByTrust(claims)
  const chosen = present(distinct[0], 'a claim of the key')
  const candidate: Candidate = { meter, readAt, claims: distinct, chosen, previous, dueAt }
  const spoken = validationRules.flatMap(({ name, rule }) => {
    const reason = rule(candidate, policy)
    return reason === null ? [] : [{ name, reason }]
  })
  const held = spoken.length > 0
  return {
    readAt,
    verdict: held ? 'held' : 'accepted',
    value: held ? null : chosen,
    rules: spoken.map(({ name }) => name),
    reason: spoken.map(({ reason }) => reason).join('; '),
  }
}

/** Most trusted first; of claims with one value only the most trusted stays. Ties are broken by the value. */
function distinctByTrust(claims: readonly Claim[]): readonly Claim[] {
  const sorted = claims.toSorted(
    (a, b) => trust(a.source) - trust(b.source) || compareText(textOf(a.registers), textOf(b.registers)),
  )
  return sorted.filter(
    (claim, index) => sorted.findIndex(({ registers }) => sameRegisters(registers, claim.registers)) === index,
  )
}

/** A read on site wins over what came by wire (billing-rules 2.3). */
function trust(source: ReadingSource): number {
  return source === 'field' ? 0 : readingSources[source]
}

function textOf({ totalE4, touE4 }: RegisterSet): string {
  return [totalE4, ...touE4].join(' ')
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
