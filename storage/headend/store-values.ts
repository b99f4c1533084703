import { bigintAsText } from '../../domain/bigint-as-text.js'
import { present, unreachable } from '../../domain/result.js'
import type { LineId } from '../../domain/reading.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import type { Row } from '../insert-rows.js'
import { ensureTimePartitions, needsOldPartition } from '../time-series.js'
import { toTimestamptz } from '../type-parsers.js'
import {
  clockRow,
  demandRow,
  demandTable,
  eventRow,
  eventTable,
  intervalRow,
  intervalTable,
  relayRow,
  settlementRow,
  settlementTable,
} from './collected-rows.js'
import type { CollectedValue, ValueFrame } from './collected-values.js'
import { drawFrameNumbers } from './frame-numbers.js'
import { insertQuarantined, type QuarantinedOfLine } from './quarantine.js'
import { isPlausibleStamp } from './store-collected.js'
import { insertTouReading } from './tou-tables.js'
import { type ClaimOutcome, type ClaimRow, insertClaims } from './value-claims.js'

export interface ValuesAt {
  readonly lineId: LineId
  readonly recordedAt: Instant
}

/** Of each value, in order; `quarantined`: its evidence is kept, but what it is dated by is worth nothing. */
export type ValueOutcome = ClaimOutcome | 'quarantined'

/**
 * Stores what reading sets brought, with the frames that prove it. Repeating it changes nothing, and the set of claims does not depend
 * on the order in which they came. A value is set aside when its moment lies outside of the time that is kept, or when the meter that
 * dated it has an absurd clock by its last check before the value came; checks of the clock are stored in any case.
 */
export async function insertValues(
  tx: Transaction,
  values: readonly CollectedValue[],
  at: ValuesAt,
): Promise<readonly ValueOutcome[]> {
  const absurd = await metersWithAbsurdClock(tx, values)
  const outcomes = new Map<CollectedValue, ValueOutcome>()
  const aside: QuarantinedOfLine[] = []
  for (const value of values) {
    const reason = reasonToSetAside(value, absurd, at.recordedAt)
    if (reason === null) continue
    outcomes.set(value, 'quarantined')
    const { frame } = value.evidence
    aside.push({ lineId: at.lineId, reason, payload: frame.response, receivedAt: frame.receivedAt })
  }
  await insertQuarantined(tx, aside)
  const kept = values.filter((value) => !outcomes.has(value))
  await makeOldPartitions(tx, kept, at.recordedAt)
  const sequences = await numberFrames(tx, kept)
  for (const [value, outcome] of await insertKept(tx, kept, at, sequences)) outcomes.set(value, outcome)
  await insertFrames(tx, kept, outcomes, at, sequences)
  return values.map((value) => present(outcomes.get(value), 'the outcome of a value'))
}

async function numberFrames(
  tx: Transaction,
  values: readonly CollectedValue[],
): Promise<ReadonlyMap<ValueFrame, bigint>> {
  const frames = [...new Set(values.map(({ evidence }) => evidence.frame))]
  const numbers = await drawFrameNumbers(tx, frames.length)
  return new Map(frames.map((frame, index) => [frame, present(numbers[index], 'the number of a frame')]))
}

/** When a value is of, by the clock that dated it. */
function momentOf(value: CollectedValue): Instant {
  switch (value.kind) {
    case 'settlement':
    case 'demand':
      return value.settledAt
    case 'interval':
      return value.slotStart
    case 'event':
      return value.occurredAt
    case 'clock':
      return value.checkedAt
    case 'relay':
    case 'tou_tables':
      return value.readAt
    default:
      return unreachable(value)
  }
}

/** The clock decides to which moment these belong; the others are dated by us. */
const datedByMeter: ReadonlySet<CollectedValue['kind']> = new Set(['settlement', 'demand', 'interval', 'event'])

/** Why a value is kept aside with its bytes. */
export type SetAsideReason = 'stamp_out_of_range' | 'clock_absurd'

function reasonToSetAside(value: CollectedValue, absurd: ReadonlySet<bigint>, now: Instant): SetAsideReason | null {
  if (!isPlausibleStamp(momentOf(value), now)) return 'stamp_out_of_range'
  // An event is what the clock says of itself too: when it was set is worth knowing, whatever it showed.
  const isInDoubt = datedByMeter.has(value.kind) && absurd.has(value.meterId)
  return isInDoubt ? 'clock_absurd' : null
}

/** A check of the same minute is the one that the set itself made. */
const sameReadMs = minuteMs

async function metersWithAbsurdClock(tx: Transaction, values: readonly CollectedValue[]): Promise<ReadonlySet<bigint>> {
  const own = new Map<bigint, string>()
  for (const value of values) if (value.kind === 'clock') own.set(value.meterId, value.class)
  const dated = values.filter(({ kind, meterId }) => datedByMeter.has(kind) && !own.has(meterId))
  const until = Math.max(0, ...dated.map(({ evidence }) => evidence.frame.receivedAt + sameReadMs))
  const rows = await tx.query<{ readonly meter_id: bigint }>(
    `select m.meter_id
       from unnest($1::bigint[]) m(meter_id)
       join lateral (select class from clock_check c
                      where c.meter_id = m.meter_id and c.checked_at <= $2
                      order by c.checked_at desc limit 1) last on last.class = 'absurd'`,
    [[...new Set(dated.map(({ meterId }) => meterId))], toTimestamptz(until)],
  )
  const absurd = [...own].filter(([, worth]) => worth === 'absurd').map(([meterId]) => meterId)
  return new Set([...rows.map(({ meter_id }) => meter_id), ...absurd])
}

async function makeOldPartitions(tx: Transaction, values: readonly CollectedValue[], now: Instant): Promise<void> {
  const old = values.map(momentOf).filter((moment) => needsOldPartition(moment, now))
  for (const moment of new Set(old)) await ensureTimePartitions(tx, moment, moment + 1)
}

const insertClockCheck =
  'insert into clock_check select * from json_populate_recordset(null::clock_check, $1) on conflict do nothing'
const insertRelayStatus =
  'insert into relay_status select * from json_populate_recordset(null::relay_status, $1) on conflict do nothing'

/** Always in this order, so that two sessions never wait for each other in a circle. */
const claimTables = [
  { kind: 'settlement', table: settlementTable, toRow: settlementRow },
  { kind: 'demand', table: demandTable, toRow: demandRow },
  { kind: 'interval', table: intervalTable, toRow: intervalRow },
  { kind: 'event', table: eventTable, toRow: eventRow },
] as const

const otherTables = [
  { kind: 'clock', insert: insertClockCheck, toRow: clockRow },
  { kind: 'relay', insert: insertRelayStatus, toRow: relayRow },
] as const

async function insertKept(
  tx: Transaction,
  values: readonly CollectedValue[],
  at: ValuesAt,
  sequences: ReadonlyMap<ValueFrame, bigint>,
): Promise<ReadonlyMap<CollectedValue, ClaimOutcome>> {
  const outcomes = new Map<CollectedValue, ClaimOutcome>()
  for (const { kind, table, toRow } of claimTables) {
    const own = values.filter((value) => value.kind === kind)
    const rows = own.map((value) => (toRow as ToRow<ClaimRow>)(value, evidenceColumns(value, at, sequences)))
    const stored = await insertClaims(tx, table, rows)
    for (const [index, value] of own.entries()) outcomes.set(value, present(stored[index], 'an outcome'))
  }
  for (const { kind, insert, toRow } of otherTables) {
    for (const value of values.filter((each) => each.kind === kind)) {
      const row = (toRow as ToRow<Row>)(value, evidenceColumns(value, at, sequences))
      const inserted = await tx.execute(insert, [JSON.stringify([row], bigintAsText)])
      outcomes.set(value, inserted === 1 ? 'created' : 'exists')
    }
  }
  for (const value of values.filter((each) => each.kind === 'tou_tables'))
    outcomes.set(value, await insertTouReading(tx, value, evidenceColumns(value, at, sequences), at.recordedAt))
  return outcomes
}

/** The table's rows belong to values of its kind. */
type ToRow<R> = (value: CollectedValue, evidence: Row) => R

function evidenceColumns(
  { evidence }: CollectedValue,
  { lineId, recordedAt }: ValuesAt,
  sequences: ReadonlyMap<ValueFrame, bigint>,
): Row {
  const { frame, slice } = evidence
  return {
    line_id: lineId,
    line_sequence: present(sequences.get(frame), 'the number of a frame'),
    frame_received_at: toTimestamptz(frame.receivedAt),
    frame_offset: slice?.offset ?? null,
    frame_length: slice?.length ?? null,
    recorded_at: toTimestamptz(recordedAt),
  }
}

/** Only the frames of values that are new; what was known has its evidence already. */
async function insertFrames(
  tx: Transaction,
  values: readonly CollectedValue[],
  outcomes: ReadonlyMap<CollectedValue, ValueOutcome>,
  at: ValuesAt,
  sequences: ReadonlyMap<ValueFrame, bigint>,
): Promise<void> {
  const isNew = (value: CollectedValue) => {
    const outcome = outcomes.get(value)
    return outcome === 'created' || outcome === 'exists_with_different_values'
  }
  const meters = new Map<ValueFrame, Set<bigint>>()
  for (const { meterId, evidence } of values.filter(isNew))
    meters.set(evidence.frame, (meters.get(evidence.frame) ?? new Set<bigint>()).add(meterId))
  for (const [frame, meterIds] of meters) {
    // A frame of several meters belongs to none of them: each value names its slice.
    const [meterId = null] = meterIds.size === 1 ? meterIds : []
    await tx.execute(
      `insert into frame (line_id, line_sequence, received_at, meter_id, protocol, request, response)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [
        at.lineId,
        present(sequences.get(frame), 'the number of a frame'),
        toTimestamptz(frame.receivedAt),
        meterId,
        frame.protocol,
        frame.request,
        frame.response,
      ],
    )
  }
}
