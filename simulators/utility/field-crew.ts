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

/** What the crew brings back, with the photo that backs it. */
export type FieldResult = { readonly fieldOrderId: string; readonly evidence: string } & (
  | { readonly outcome: 'read'; readonly registers: RegisterSet }
  | { readonly outcome: 'not_accessible' }
)

/**
 * One result per order. The display pages through freezes even where the communication module is dead; of a midnight without
 * supply there is none.
 */
export function crewResults(description: UtilityDescription, orders: readonly FieldOrder[]): readonly FieldResult[] {
  const stays = meterStaysOf(description)
  const { usagePoint, outage } = description.faults.noSupply
  return orders.map(({ fieldOrderId, meterCode, readAt }) => {
    const { point, registersAt } = stayOf(stays, meterCode)
    const evidence = `演示照片 ${meterCode} ${new Date(readAt).toISOString()}`
    const isAbsent = point.usagePoint === usagePoint && outage.from <= readAt && readAt < outage.to
    if (isAbsent) return { fieldOrderId, evidence, outcome: 'not_accessible' }
    return { fieldOrderId, evidence, outcome: 'read', registers: registersAt(readAt) }
  })
}
