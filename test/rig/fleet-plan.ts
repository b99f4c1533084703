import { beijing, dayMs, hourMs, type Instant, type LocalDate, minuteMs, addDays } from '../../domain/time.js'
import type { RegisterSet } from '../../domain/reading.js'
import { encodeUpload } from '../../protocols/concentrator/messages.js'
import { collectFreeze } from '../../simulators/concentrator/collect-meters.js'
import { createLineMeters, type LineMeters } from '../../simulators/line-meters.js'
import { createDlt645Meter } from '../../simulators/meter/dlt645-meter.js'

/** Concentrators that upload past nights as fast as they are let: what they send follows from these numbers alone. */
export interface FleetPlan {
  readonly concentrators: number
  readonly metersEach: number
  /** Uploads of one concentrator: batch n holds the freezes of the n-th midnight back from `newest`. */
  readonly nights: number
  readonly newest: LocalDate
}

export interface UploadKey {
  readonly concentrator: number
  readonly batch: number
}

const energisedFrom = beijing.startOfDay('2020-01-01')
/** By then a concentrator has asked all its meters. */
const collectedAfterMs = 30 * minuteMs

export function codeOf(concentrator: number): string {
  return `R${String(concentrator).padStart(4, '0')}`
}

/** Meters are numbered through all concentrators, from 1. */
export function meterOf({ metersEach }: FleetPlan, concentrator: number, ordinal: number): number {
  return (concentrator - 1) * metersEach + ordinal
}

export function metersOf(plan: FleetPlan, concentrator: number): readonly number[] {
  return Array.from({ length: plan.metersEach }, (_, index) => meterOf(plan, concentrator, index + 1))
}

export function addressOf(meter: number): string {
  return String(meter).padStart(12, '0')
}

export function midnightOf({ newest }: FleetPlan, batch: number): Instant {
  return beijing.startOfDay(addDays(newest, 1 - batch))
}

/** What the meter had counted: every meter and every midnight has a value of its own. */
export function registersOf(meter: number, instant: Instant): RegisterSet {
  const hours = BigInt(Math.floor((instant - energisedFrom) / hourMs))
  const tou2 = BigInt(meter) * 10_000n + (hours / 2n) * 100n
  const tou4 = (hours - hours / 2n) * 100n
  return { totalE4: tou2 + tou4, touE4: [0n, tou2, 0n, tou4] }
}

/** Makes the payloads of a plan. The bytes are those that simulated meters answer. */
export function createPayloads(plan: FleetPlan): (key: UploadKey) => Buffer {
  const lines = new Map<number, LineMeters>()
  return ({ concentrator, batch }) => {
    const line = lines.get(concentrator) ?? lineOf(plan, concentrator)
    lines.set(concentrator, line)
    const askedAt = midnightOf(plan, batch) + collectedAfterMs
    const frames = metersOf(plan, concentrator).flatMap(
      (meter) => collectFreeze(line, addressOf(meter), askedAt).frames,
    )
    return encodeUpload({
      concentrator: codeOf(concentrator),
      batch,
      items: frames.map(({ bytes }) => ({ frame: bytes })),
    })
  }
}

function lineOf(plan: FleetPlan, concentrator: number): LineMeters {
  return createLineMeters(
    metersOf(plan, concentrator).map((meter) => ({
      meter: createDlt645Meter({
        address: addressOf(meter),
        source: { registersAt: (instant) => registersOf(meter, instant) },
        energisedFrom,
        missedFreezes: new Set(),
        freezeDepth: 62,
      }),
      from: energisedFrom - dayMs,
      to: null,
    })),
  )
}
