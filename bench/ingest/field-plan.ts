import type { RegisterSet } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { encodeUpload } from '../../protocols/concentrator/messages.js'
import { encodeItem, identifierOf } from '../../protocols/dlt645/data-items.js'
import { encodeDataReply } from '../../protocols/dlt645/messages-2007.js'

/** Concentrators with as many meters each; every message is one upload of one concentrator. */
export interface FieldPlan {
  readonly concentrators: number
  readonly metersEach: number
  readonly readingsPerUpload: number
  /** The newest midnight; when all meters have had theirs, the one before follows. */
  readonly midnight: Instant
}

/** One upload of the plan: freezes of neighbouring meters of one concentrator at one midnight. */
export interface PlannedUpload {
  /** Counted from 0, as are the concentrators. */
  readonly concentrator: number
  readonly batch: number
  readonly midnight: Instant
  /** Their ids, from 1. */
  readonly meters: readonly number[]
}

/** Uploads in the order in which a night brings them: each concentrator sends one after the other, all at the same time. */
export function* plannedUploads(plan: FieldPlan, count: number): Generator<PlannedUpload> {
  const perDay = Math.ceil(plan.metersEach / plan.readingsPerUpload)
  for (let index = 0; index < count; index++) {
    const concentrator = index % plan.concentrators
    const batch = Math.floor(index / plan.concentrators)
    const first = (batch % perDay) * plan.readingsPerUpload
    const size = Math.min(plan.readingsPerUpload, plan.metersEach - first)
    yield {
      concentrator,
      batch,
      midnight: plan.midnight - Math.floor(batch / perDay) * dayMs,
      meters: Array.from({ length: size }, (_, each) => concentrator * plan.metersEach + first + each + 1),
    }
  }
}

/** How many uploads bring all meters' freezes of one midnight. */
export function uploadsPerMidnight({ concentrators, metersEach, readingsPerUpload }: FieldPlan): number {
  return concentrators * Math.ceil(metersEach / readingsPerUpload)
}

export function codeOf(concentrator: number): string {
  return `c${concentrator + 1}`
}

export function topicsOf(concentrator: number): { readonly uploadTopic: string; readonly receiptTopic: string } {
  const code = codeOf(concentrator)
  return { uploadTopic: `metering/${code}/up`, receiptTopic: `metering/${code}/receipt` }
}

/** Four tariff registers whose sum is the total, another one for each meter and midnight. */
export function registersOf(meter: number, midnight: Instant): RegisterSet {
  const part = BigInt((meter * 131 + Math.floor(midnight / dayMs)) % 200_000) * 100n
  return { totalE4: 4n * part + 300n, touE4: [part, part + 100n, part + 200n, part] }
}

/** The two replies from which a freeze decodes. */
export function freezeReplies(meter: number, midnight: Instant): readonly [Buffer, Buffer] {
  const address = String(meter).padStart(12, '0')
  return [
    encodeDataReply(address, identifierOf('daily_freeze_stamp', 1), encodeItem('daily_freeze_stamp', midnight)),
    encodeDataReply(
      address,
      identifierOf('daily_freeze_forward_active', 1),
      encodeItem('daily_freeze_forward_active', registersOf(meter, midnight)),
    ),
  ]
}

export function payloadOf({ concentrator, batch, midnight, meters }: PlannedUpload): Buffer {
  const items = meters.flatMap((meter) => freezeReplies(meter, midnight).map((frame) => ({ frame })))
  return encodeUpload({ concentrator: codeOf(concentrator), batch, items })
}
