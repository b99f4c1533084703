import type { NotedRegisters } from '../../domain/registry-document.js'
import type { Instant } from '../../domain/time.js'
import type { UtilityDescription } from './description.js'
import { meterStaysOf, stayOf } from './meter-registers.js'
import { notedRegisters } from './registry-changes.js'

/** A visit that was asked for: the frozen values of one midnight, off the display of one meter. */
export interface CrewOrder {
  readonly fieldOrderId: string
  readonly meterCode: string
  readonly readAt: Instant
}

/** What the crew brings back, with the photo that backs it. */
export interface CrewReport {
  readonly fieldOrderId: string
  readonly result:
    | { readonly outcome: 'read'; readonly registers: NotedRegisters }
    | { readonly outcome: 'not_accessible' }
  readonly evidence: string
}

/**
 * One report per order. The display pages through freezes even where the communication module is dead; of a midnight without
 * supply there is none.
 */
export function crewResults(description: UtilityDescription, orders: readonly CrewOrder[]): readonly CrewReport[] {
  const stays = meterStaysOf(description)
  const { usagePoint, outage } = description.faults.noSupply
  return orders.map(({ fieldOrderId, meterCode, readAt }) => {
    const { point, registersAt } = stayOf(stays, meterCode)
    const evidence = `演示照片 ${meterCode} ${new Date(readAt).toISOString()}`
    const isAbsent = point.usagePoint === usagePoint && outage.from <= readAt && readAt < outage.to
    if (isAbsent) return { fieldOrderId, result: { outcome: 'not_accessible' }, evidence }
    return { fieldOrderId, result: { outcome: 'read', registers: notedRegisters(registersAt(readAt)) }, evidence }
  })
}
