import { groupBy } from '../../domain/group-by.js'
import type { ProofBillRow } from '../../storage/billing/proof.js'
import { type DayFrameRow, findProofDays, type ProofDayRow } from '../../storage/billing/proof-interval-days.js'
import type { Queryable } from '../../storage/database.js'
import type { ProofIntervalDay, ProofIntervals } from './proof-document.js'
import { iso, kwh } from './proof-values.js'

/** The days that a bill was rated by, each with what its digest covers and the frames that brought its points. */
export async function intervalsOf(client: Queryable, bill: ProofBillRow): Promise<ProofIntervals> {
  const { set_id: setId, account_id: accountId, frozen_at: knownAt } = bill
  const { days, frames: found } = await findProofDays(client, { setId, accountId, knownAt })
  const frames = groupBy(found, ({ day }) => day)
  return {
    insteadOf: days[0]?.instead_of ?? null,
    days: days.map((day, place) => toProofDay(day, frames.get(place) ?? [])),
  }
}

function toProofDay(day: ProofDayRow, frames: readonly DayFrameRow[]): ProofIntervalDay {
  const orNull = (valueE4: bigint | null) => (valueE4 === null ? null : kwh(valueE4))
  return {
    meter: day.meter,
    multiplier: day.multiplier,
    from: iso(day.day_start),
    to: iso(day.day_end),
    date: day.service_date,
    revision: day.revision,
    minutes: day.slot_minutes,
    verdict: day.verdict,
    rules: day.rules,
    reason: day.reason,
    start: orNull(day.start_e4),
    end: orNull(day.end_e4),
    difference: orNull(day.difference_e4),
    values: valuesOf(day.values_e4),
    qualities: day.qualities.toString('hex'),
    fills: (day.fills ?? []).map(({ slot, slots, energyE4, method, basisDays, halfWidthE4 }) => {
      const [energy, halfWidth] = [kwh(BigInt(energyE4)), kwh(BigInt(halfWidthE4))]
      return { slot, slots, energy, method, basisDays, halfWidth }
    }),
    digest: day.content_digest.toString('hex'),
    frames: frames.map(({ line, line_sequence, received_at, protocol, sha256, points }) => ({
      line,
      sequence: String(line_sequence),
      receivedAt: iso(received_at),
      protocol,
      sha256: sha256.toString('hex'),
      points,
    })),
  }
}

const bytesPerValue = 4

function valuesOf(bytes: Buffer): readonly string[] {
  return Array.from({ length: bytes.length / bytesPerValue }, (_, slot) =>
    kwh(BigInt(bytes.readInt32LE(bytesPerValue * slot))),
  )
}
