import type { Instant } from '../../../domain/time.js'
import { instantOfMeterTime } from '../../../protocols/dlt645/time-formats.js'
import type { MeterHabits } from '../description.js'
import type { MeterMemory, Relay } from '../memory.js'
import { isRelayClosed } from '../parameters.js'
import { noteEvent } from './note-event.js'
import { type CommandOutcome, done, refused } from './outcome.js'

/** The expiry is checked against the meter's own clock, whatever that shows. */
export function controlRelay(
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  habits: Required<MeterHabits>,
  now: Instant,
): CommandOutcome {
  const validUntil = values.get('validUntil')
  if (validUntil === undefined || instantOfMeterTime(validUntil) < memory.clock.shownAt(now)) return refused('other')
  const { relay } = memory
  const operator = values.get('operator') ?? '00000000'
  const shown = memory.clock.shownAt(now)
  const command = values.get('command') ?? ''
  switch (command) {
    case '1A':
    case '1D':
    case '1E':
      if (relay.keepsPower) return refused('other')
      interrupt(relay, now)
      relay.state = 'open'
      relay.closesAt = null
      noteEvent(memory, '1D0001', shown, operator, [])
      return done
    case '1B':
      if (isRelayClosed(relay, now)) return done
      relay.state = 'permitted'
      relay.closesAt = now + habits.buttonAfterMs
      endInterruption(relay, relay.closesAt)
      noteEvent(memory, '1E0001', shown, operator, [])
      return done
    case '1C':
      if (!habits.closesDirectly) return refused('unauthorised')
      relay.state = 'closed'
      endInterruption(relay, now)
      noteEvent(memory, '1E0001', shown, operator, [])
      return done
    case '2A':
    case '2B':
      relay.isAlarming = command === '2A'
      return done
    case '3A':
    case '3B':
      relay.keepsPower = command === '3A'
      return done
    default:
      return refused('other')
  }
}

/** Supply ends; where it was about to come back, it does not. */
function interrupt(relay: Relay, at: Instant): void {
  const { interruptions } = relay
  const last = interruptions.at(-1)
  if (isRelayClosed(relay, at)) interruptions.push({ from: at, to: null })
  else if (last !== undefined) interruptions[interruptions.length - 1] = { from: last.from, to: null }
}

/** Supply comes back; when it was to come back already, that stands. */
function endInterruption({ interruptions }: Relay, at: Instant): void {
  const last = interruptions.at(-1)
  if (last?.to === null) interruptions[interruptions.length - 1] = { from: last.from, to: at }
}
