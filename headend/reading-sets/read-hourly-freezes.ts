import type { Clock } from '../../domain/runtime.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { AbsentSlots, CollectedInterval } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, type SetItemCause, type SetMeter } from './ask-item.js'
import { hourlyFreezes, toInterval } from './curve-source.js'
import { endsSet, type SetOutcome, type SetProblem, toProblem } from './set-outcome.js'

/** Freezes are numbered backwards by one byte. */
const lastIndex = 254
/** Requests for one hour before it is left for another time. */
const mostProbes = 4

export interface HourlyWish {
  /** Starts of the hours that are missing. */
  readonly missing: readonly Instant[]
  readonly until: Instant
}

export interface HourlyOutcome extends SetOutcome {
  readonly values: readonly CollectedInterval[]
  /** Hours that the meter's memory turned out not to hold. */
  readonly absent: AbsentSlots | null
}

/** Hours by the index under which they came, while the index stands for the same hour. */
interface Memory {
  readonly hour: number
  readonly startOf: Map<number, Instant>
}

/**
 * Reads hourly freezes whole (0504FF: stamp, forward, reverse), the newest first. The index is only a guess, since a meter without
 * supply takes no freeze and every index behind that shifts; what comes is filed under the stamp that it carries.
 */
export async function readHourlyFreezes(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  { missing, until }: HourlyWish,
): Promise<HourlyOutcome> {
  const values = new Map<Instant, CollectedInterval>()
  const problems: SetProblem[] = []
  const absent: Instant[] = []
  let memory: Memory = { hour: Number.NaN, startOf: new Map() }

  /** How the search for one hour ended; null when the meter or its line is gone. */
  async function find(start: Instant): Promise<'found' | 'absent' | 'left' | null> {
    for (let probe = 0; probe < mostProbes && clock.now() < until; probe += 1) {
      if (values.has(start)) return 'found'
      const hour = Math.floor(clock.now() / hourMs)
      if (hour !== memory.hour) memory = { hour, startOf: new Map() }
      const index = nextIndex(start, memory)
      if (index === null || index > lastIndex) return 'absent'
      const cause = await ask(index)
      if (cause === null) continue
      if (endsSet(cause)) return null
      if (cause === 'value_absent' || cause === 'no_such_data') return 'absent'
    }
    return values.has(start) ? 'found' : 'left'
  }

  async function ask(index: number): Promise<SetItemCause | null> {
    const dataIdentifier = hourlyFreezeItem(index)
    const answer = await askItem(line, meter, dataIdentifier, 'hourly_freeze')
    if (!answer.ok) {
      const { kind: cause } = answer.error
      if (cause !== 'value_absent' && cause !== 'no_such_data') problems.push(toProblem(dataIdentifier, answer.error))
      return cause
    }
    const { value, frame } = answer.value
    const interval = toInterval(hourlyFreezes, meter.meterId, 'hourly_energy', value, { frame, slice: null })
    if (interval === null) return 'value_absent'
    values.set(interval.slotStart, interval)
    memory.startOf.set(index, interval.slotStart)
    return null
  }

  for (const start of missing.toSorted((left, right) => right - left)) {
    if (clock.now() >= until) break
    const end = await find(start)
    if (end === null) break
    if (end === 'absent') absent.push(start)
  }
  const { meterId } = meter
  return {
    values: [...values.values()],
    problems,
    absent: absent.length === 0 ? null : { meterId, curve: 'hourly_energy', slotStarts: absent, foundAt: clock.now() },
  }
}

/**
 * The index at which an hour must lie, from the nearest one that is known; null when its neighbours are known and it is not between
 * them. Stamps fall strictly with the index.
 */
function nextIndex(start: Instant, { hour, startOf }: Memory): number | null {
  let tooNew = 0
  let tooOld = lastIndex + 2
  let guess = hour - start / hourMs
  for (const [index, known] of startOf) {
    if (known > start && index > tooNew) {
      tooNew = index
      guess = index + (known - start) / hourMs
    }
    if (known < start && index < tooOld) tooOld = index
  }
  if (tooOld <= lastIndex) {
    const known = startOf.get(tooOld) ?? start
    guess = Math.min(guess, tooOld - 1, Math.max(tooNew + 1, tooOld - (start - known) / hourMs))
  }
  return tooOld - tooNew < 2 ? null : Math.min(Math.max(guess, tooNew + 1), tooOld - 1)
}

export function hourlyFreezeItem(index: number): string {
  return `0504FF${index.toString(16).padStart(2, '0').toUpperCase()}`
}
