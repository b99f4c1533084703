import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { UtilityDescription } from './description.js'
import { meterStaysOf, stayOf } from './meter-registers.js'

/** A visit that was asked for: the frozen values of one midnight, off the display of one meter. */
export interface FieldOrder {
  readonly fieldOrderId: string
  readonly meterCode: string
  readonly readAt: Instant
}

/** What the crew brings back. The display pages through freezes even where the communication module is dead. */
export type FieldResult =
  | {
      readonly fieldOrderId: string
      readonly outcome: 'read'
      readonly registers: RegisterSet
      readonly evidence: string
    }
  | { readonly fieldOrderId: string; readonly outcome: 'not_accessible'; readonly evidence: string }

/** One result per order. A midnight without supply has no freeze to be read. */
export function crewResults(description: UtilityDescription, orders: readonly FieldOrder[]): readonly FieldResult[] {
  const stays = meterStaysOf(description)
  const { usagePoint, outage } = description.faults.noSupply
  return orders.map(({ fieldOrderId, meterCode, readAt }) => {
    const { point, registersAt } = stayOf(stays, meterCode)
    if (point.usagePoint === usagePoint && outage.from <= readAt && readAt < outage.to)
      return { fieldOrderId, outcome: 'not_accessible', evidence: `表 ${meterCode} 该日零点停电，无冻结值` }
    return { fieldOrderId, outcome: 'read', registers: registersAt(readAt), evidence: `演示照片 ${meterCode}` }
  })
}
