import { asksForHistory } from '../../by-account/opening-state.js'
import type { UsageDocument } from '../../rating/usage/usage-schema.js'
import type { Component } from '../../tariffs/components/component-schema.js'

/** Facts that the registry states of an account where its terms do not. */
const ofRegistry: ReadonlySet<string> = new Set(['contract_capacity_kva', 'usage_class'])

/**
 * What some component asks that an empty account would answer with nothing instead of refusing: amounts of lines, earlier months, what the
 * registry says. Null where none does.
 */
export function asksBeyond(
  components: readonly Component[],
  stated: UsageDocument['facts'],
): 'asks_lines_or_history' | 'asks_the_registry' | null {
  if (asksForHistory(components) || mentions(components, ({ op }) => op === 'amount')) return 'asks_lines_or_history'
  const isUnstated = ({ op, is, name }: Asked) =>
    (op === 'fact' || is === 'fact') && ofRegistry.has(String(name)) && !stated.some((fact) => fact.name === name)
  return mentions(components, isUnstated) ? 'asks_the_registry' : null
}

interface Asked {
  readonly op?: unknown
  readonly is?: unknown
  readonly name?: unknown
}

function mentions(part: unknown, asks: (node: Asked) => boolean): boolean {
  if (part === null || typeof part !== 'object') return false
  return asks(part) || Object.values(part).some((each) => mentions(each, asks))
}
