import { beijing, dayMs, type Instant, minuteMs } from '../../../domain/time.js'
import { instantOfMeterTime, meterTimeAt } from '../../../protocols/dlt645/time-formats.js'
import type { MeterMemory } from '../memory.js'
import { noteEvent } from './note-event.js'
import { type CommandOutcome, ignored } from './outcome.js'

const mostBroadcastCorrectionMs = 5 * minuteMs

/** Small corrections only, once a day, and not around midnight, where a step could make a freeze twice or not at all. */
export function takeBroadcastTime(time: string | null, memory: MeterMemory, now: Instant): CommandOutcome {
  if (time === null) return ignored
  const shown = memory.clock.shownAt(now)
  const told = instantOfMeterTime(time)
  const today = beijing.dateAt(shown)
  const sinceMidnight = shown - beijing.startOfDay(today)
  const isNearMidnight = Math.min(sinceMidnight, dayMs - sinceMidnight) < mostBroadcastCorrectionMs
  if (Math.abs(told - shown) > mostBroadcastCorrectionMs || isNearMidnight || memory.broadcastDay === today)
    return ignored
  memory.broadcastDay = today
  memory.clock.set(now, told)
  memory.scheduleVersion += 1
  noteEvent(memory, '033004', shown, '00000000', [meterTimeAt(shown), meterTimeAt(told)])
  return ignored
}

export function setClock(texts: ReadonlyMap<string, string>, memory: MeterMemory, now: Instant): void {
  const shown = memory.clock.shownAt(now)
  const [date = '', time = ''] = meterTimeAt(shown).split('T')
  const told = instantOfMeterTime(`${texts.get('date') ?? date}T${texts.get('time') ?? time}`)
  memory.clock.set(now, told)
  memory.scheduleVersion += 1
  noteEvent(memory, '033004', shown, '00000000', [meterTimeAt(shown), meterTimeAt(told)])
}
