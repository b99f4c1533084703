import type { Instant } from '../../../domain/time.js'
import type { EventKind, MeterMemory } from '../memory.js'

const eventsKept = 10

/** The latest first; ten of a kind are kept. */
export function noteEvent(
  memory: MeterMemory,
  kind: EventKind,
  at: Instant,
  operator: string,
  detail: readonly string[],
): void {
  memory.events.unshift({ kind, at, operator, detail })
  memory.eventCounts.set(kind, (memory.eventCounts.get(kind) ?? 0) + 1)
  const sameKind = memory.events.filter((event) => event.kind === kind)
  const oldest = sameKind[eventsKept]
  if (oldest !== undefined) memory.events.splice(memory.events.indexOf(oldest), 1)
}
