import { err, ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { CollectedEvent, CountedEvents, ValueFrame } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, type SetMeter, type Unanswered } from './ask-item.js'
import { type EventKind, eventKindNames, eventKinds, eventRecordItem, mostEventRecords } from './event-kinds.js'
import { type EventRecord, ordinalsOf } from './event-records.js'
import { endsSet, type SetOutcome, type SetProblem, toProblem } from './set-outcome.js'

/** What is known of one kind of event of a meter. */
export interface KnownEvents {
  /** The meter's own count when it was last asked; 0 when it never was. */
  readonly counted: number
  /** Whether the latest known event had not ended yet. */
  readonly isOpen: boolean
}

export interface EventWish {
  readonly kinds?: readonly EventKind[]
  /** What is stored already; a kind that is not there is read whole. */
  readonly known: ReadonlyMap<EventKind, KnownEvents>
}

export interface EventOutcome extends SetOutcome {
  readonly values: readonly CollectedEvent[]
  /** Counts that changed. */
  readonly counts: readonly CountedEvents[]
  /** Events that happened since the last time but had left the meter's memory before they were read. */
  readonly lost: readonly { readonly kind: EventKind; readonly events: number }[]
}

/** While events keep happening the records shift under the reader; so often they are read again. */
const mostReadings = 3

const neverAsked: KnownEvents = { counted: 0, isOpen: false }

/** Asks each kind for its count, and for the records that are new; a quiet meter costs one request for each count item. */
export async function readEvents(
  line: Dlt645Line,
  clock: Pick<Clock, 'now'>,
  meter: SetMeter,
  { kinds = eventKindNames, known }: EventWish,
): Promise<EventOutcome> {
  const values: CollectedEvent[] = []
  const counts: CountedEvents[] = []
  const lost: EventOutcome['lost'][number][] = []
  const problems: SetProblem[] = []
  /** One item may count several kinds, such as the three phases. */
  const counters = new Map<string, readonly number[]>()
  for (const kind of kinds) {
    const before = known.get(kind) ?? neverAsked
    const read = await readKind(line, meter, kind, before, counters)
    if (!read.ok) {
      problems.push(toProblem(read.error.dataIdentifier, read.error))
      if (endsSet(read.error.kind)) break
      continue
    }
    const { counted, records, missed } = read.value
    const ordinals = ordinalsOf(records.map(({ record }) => record.occurredAt))
    values.push(...records.map((each, index) => toCollected(meter, each, ordinals[index] ?? 1)))
    if (counted !== before.counted)
      counts.push({ meterId: meter.meterId, event: kind, countedAt: clock.now(), counted })
    if (missed > 0) lost.push({ kind, events: missed })
  }
  return { values, counts, lost, problems }
}

interface FoundRecord {
  readonly record: EventRecord
  readonly frame: ValueFrame
}

interface KindRead {
  readonly counted: number
  /** The latest first. */
  readonly records: readonly FoundRecord[]
  readonly missed: number
}

type Read<T> = Result<T, Unanswered & { readonly dataIdentifier: string }>

async function readKind(
  line: Dlt645Line,
  meter: SetMeter,
  kind: EventKind,
  before: KnownEvents,
  counters: Map<string, readonly number[]>,
): Promise<Read<KindRead>> {
  let counted = await readCount(line, meter, kind, counters)
  for (let reading = 1; counted.ok; reading += 1) {
    // A count that went down was set to zero in between, by a clear of the events: all that there is is new.
    const fresh = counted.value < before.counted ? counted.value : counted.value - before.counted
    const wanted = Math.min(fresh + (before.isOpen ? 1 : 0), counted.value, mostEventRecords)
    if (wanted === 0) return ok({ counted: counted.value, records: [], missed: 0 })
    const records = await readRecords(line, meter, kind, wanted)
    if (!records.ok) return records
    counters.delete(eventKinds[kind].countItem)
    const after = await readCount(line, meter, kind, counters)
    if (!after.ok) return after
    if (after.value === counted.value || reading === mostReadings)
      return ok({ counted: counted.value, records: records.value, missed: Math.max(0, fresh - mostEventRecords) })
    counted = after
  }
  return counted
}

async function readCount(
  line: Dlt645Line,
  meter: SetMeter,
  kind: EventKind,
  counters: Map<string, readonly number[]>,
): Promise<Read<number>> {
  const { countItem, counter } = eventKinds[kind]
  const known = counters.get(countItem)
  if (known !== undefined) return ok(known[counter] ?? 0)
  const answer = await askItem(line, meter, countItem, 'event_counts')
  if (!answer.ok) return failed(countItem, answer.error)
  const { counts } = answer.value.value
  counters.set(countItem, counts)
  return ok(counts[counter] ?? 0)
}

/**
 * The latest `wanted` records, and those behind them of the same second as the last one: without them its ordinal could not be told.
 * Ends at a place that holds nothing.
 */
async function readRecords(
  line: Dlt645Line,
  meter: SetMeter,
  kind: EventKind,
  wanted: number,
): Promise<Read<readonly FoundRecord[]>> {
  const found: FoundRecord[] = []
  for (let index = 1; index <= mostEventRecords; index += 1) {
    const dataIdentifier = eventRecordItem(kind, index)
    const answer = await askItem(line, meter, dataIdentifier, 'event')
    if (!answer.ok) {
      const { kind: cause } = answer.error
      return cause === 'no_such_data' || cause === 'value_absent' ? ok(found) : failed(dataIdentifier, answer.error)
    }
    const { record } = answer.value.value
    if (record === null) return ok(found)
    const last = found.at(-1)?.record.occurredAt
    if (index > wanted && record.occurredAt !== last) return ok(found)
    found.push({ record, frame: answer.value.frame })
  }
  return ok(found)
}

function failed(dataIdentifier: string, unanswered: Unanswered): Read<never> {
  return err({ ...unanswered, dataIdentifier })
}

function toCollected({ meterId }: SetMeter, { record, frame }: FoundRecord, ordinal: number): CollectedEvent {
  const { kind, occurredAt, endedAt, operator, detail } = record
  const evidence = { frame, slice: null }
  return { kind: 'event', meterId, event: kind, occurredAt, ordinal, endedAt, operator, detail, evidence }
}
