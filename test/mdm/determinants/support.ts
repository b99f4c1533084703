import type { BoundaryRow, SegmentRow } from '../../../storage/mdm/determinants.js'
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
