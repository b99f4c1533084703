import type { Instant } from '../../../domain/time.js'
import type { EventKind, MeterMemory } from '../memory.js'
import { noteEvent } from './note-event.js'
import { type CommandOutcome, done, refused } from './outcome.js'

export function clear(
  kind: EventKind,
  detail: readonly string[],
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  if (kind === '033001') memory.meterClearedAt = now
  memory.demandClearedAt = now
  noteEvent(memory, kind, memory.clock.shownAt(now), values.get('operator') ?? '00000000', detail)
  return done
}

const allEvents = 'FFFFFFFF'

export function clearEvents(
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  const events = values.get('events')
  if (events === undefined) return refused('other')
  const kept =
    events === allEvents ? [] : memory.events.filter(({ kind }) => !kind.startsWith(events.replace(/(?:FF)+$/, '')))
  memory.events.splice(0, memory.events.length, ...kept)
  for (const kind of memory.eventCounts.keys())
    if (!kept.some((event) => event.kind === kind)) memory.eventCounts.delete(kind)
  noteEvent(memory, '033003', memory.clock.shownAt(now), values.get('operator') ?? '00000000', [events])
  return done
}
