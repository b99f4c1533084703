import { curves, demandQuantities, quantities } from '../../domain/quantities.js'
import type { Instant } from '../../domain/time.js'
import type { Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'
import type {
  CollectedClockCheck,
  CollectedDemand,
  CollectedEvent,
  CollectedInterval,
  CollectedRelayStatus,
  CollectedSettlement,
} from './collected-values.js'
import { type ClaimRow, claimTable, digestOf } from './value-claims.js'

export const settlementTable = claimTable('settlement_reading', ['meter_id', 'quantity', 'settled_at'])
export const demandTable = claimTable('demand_reading', ['meter_id', 'quantity', 'settled_at'])
export const intervalTable = claimTable('interval_piece', ['meter_id', 'curve', 'slot_start'])
export const eventTable = claimTable('end_device_event', ['meter_id', 'kind', 'occurred_at', 'ordinal'])

/** The columns that name a value's evidence, and when it was recorded. */
export type EvidenceColumns = Row

function at(instant: Instant | null): string | null {
  return instant === null ? null : toTimestamptz(instant)
}

export function settlementRow(value: CollectedSettlement, evidence: EvidenceColumns): ClaimRow {
  const { totalE4, touE4 } = value.registers
  const { code } = quantities[value.quantity]
  const [tou1, tou2, tou3, tou4] = touE4
  return {
    key: [value.meterId, code, value.settledAt].join('|'),
    digest: digestOf([totalE4, ...touE4]),
    row: {
      meter_id: value.meterId,
      quantity: code,
      settled_at: at(value.settledAt),
      total_e4: totalE4,
      tou1_e4: tou1,
      tou2_e4: tou2,
      tou3_e4: tou3,
      tou4_e4: tou4,
      ...evidence,
    },
  }
}

export function demandRow(value: CollectedDemand, evidence: EvidenceColumns): ClaimRow {
  const { total, tou } = value.demands
  const { code } = demandQuantities[value.quantity]
  const [tou1, tou2, tou3, tou4] = tou
  return {
    key: [value.meterId, code, value.settledAt].join('|'),
    digest: digestOf([total, ...tou].flatMap((each) => [each?.valueE4 ?? null, each?.occurredAt ?? null])),
    row: {
      meter_id: value.meterId,
      quantity: code,
      settled_at: at(value.settledAt),
      total_e4: total.valueE4,
      total_at: at(total.occurredAt),
      tou1_e4: tou1?.valueE4 ?? null,
      tou1_at: at(tou1?.occurredAt ?? null),
      tou2_e4: tou2?.valueE4 ?? null,
      tou2_at: at(tou2?.occurredAt ?? null),
      tou3_e4: tou3?.valueE4 ?? null,
      tou3_at: at(tou3?.occurredAt ?? null),
      tou4_e4: tou4?.valueE4 ?? null,
      tou4_at: at(tou4?.occurredAt ?? null),
      ...evidence,
    },
  }
}

export function intervalRow(value: CollectedInterval, evidence: EvidenceColumns): ClaimRow {
  const { code } = curves[value.curve]
  return {
    key: [value.meterId, code, value.slotStart].join('|'),
    digest: digestOf([value.slotEnd, ...value.valuesE4]),
    row: {
      meter_id: value.meterId,
      curve: code,
      slot_start: at(value.slotStart),
      slot_end: at(value.slotEnd),
      values_e4: value.valuesE4,
      ...evidence,
    },
  }
}

export function eventRow(value: CollectedEvent, evidence: EvidenceColumns): ClaimRow {
  const { event, occurredAt, ordinal, endedAt, operator, detail } = value
  const details = Object.entries(detail).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return {
    key: [value.meterId, event, occurredAt, ordinal].join('|'),
    digest: digestOf([endedAt, operator, ...details.flat()]),
    row: {
      meter_id: value.meterId,
      kind: event,
      occurred_at: at(occurredAt),
      ordinal,
      ended_at: at(endedAt),
      operator,
      detail,
      ...evidence,
    },
  }
}

export function clockRow(value: CollectedClockCheck, evidence: EvidenceColumns): Row {
  return {
    meter_id: value.meterId,
    checked_at: at(value.checkedAt),
    meter_time: at(value.meterTime),
    offset_ms: value.offsetMs,
    uncertainty_ms: value.uncertaintyMs,
    drift_ms_per_day: value.driftMsPerDay,
    class: value.class,
    ...evidence,
  }
}

export function relayRow(value: CollectedRelayStatus, evidence: EvidenceColumns): Row {
  return {
    meter_id: value.meterId,
    read_at: at(value.readAt),
    status_word: value.statusWord,
    relay_open: value.relayOpen,
    command_open: value.commandOpen,
    day_table_set: value.dayTableSet,
    zone_table: value.zoneTable,
    ...evidence,
  }
}
