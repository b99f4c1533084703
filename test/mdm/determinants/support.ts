import type { BoundaryRow, SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'

export function boundaryOf(part: Partial<BoundaryRow>): BoundaryRow {
  return {
    readAt: midnight(1),
    verdict: 'accepted',
    registers: registers(100_00),
    source: 'scheduled',
    rules: [],
    isDecidedByPerson: false,
    ...part,
  }
}

export const nothingElse = { doubts: new Map(), turnovers: new Map(), jumps: new Map(), readings: new Map() }

/** A whole July on one meter with multiplier 2: 100.00 to 200.00 kWh. */
export function wholeJuly(part: Partial<SegmentRow> = {}): SegmentRow {
  return {
    ...rowOf('start', {}),
    multiplier: 2,
    end: boundaryOf({ readAt: midnight(32), registers: registers(200_00) }),
    ...part,
  }
}

/** From so many kWh to 10 kWh on a meter without tariff registers. */
export function turnoverFrom(kwh: bigint): SegmentRow {
  const total = (readAt: number, value: bigint) =>
    boundaryOf({ readAt, registers: { totalE4: value * 10_000n, touE4: [null, null, null, null] } })
  return wholeJuly({ start: total(midnight(1), kwh), end: total(midnight(32), 10n) })
}

/** A July on one meter with one interesting end. */
export function rowOf(end: 'start' | 'end', part: Partial<BoundaryRow>): SegmentRow {
  return {
    accountId: 1n,
    usagePointId: 1n,
    tariffCode: 'tariff',
    ladderFrom: '2026-01-01',
    agreementFrom: midnight(-10),
    agreementTo: null,
    startAt: midnight(1),
    endAt: midnight(32),
    meter: { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 },
    multiplier: 1,
    start: null,
    end: null,
    [end]: boundaryOf(part),
  }
}
