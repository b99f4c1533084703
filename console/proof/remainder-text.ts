import { z } from 'zod'
import type { ComponentProof, ProofDocument, ProofRegisters } from '../../billing/proof/proof-document.js'
import { Decimal } from '../../domain/decimal.js'
import { kwh } from './kwh-text.js'

/** What the registers by slot leave of the total, and the slot that takes it. Decimal texts in kWh; the remainder may be negative. */
export interface BilledRemainder {
  readonly slot: string
  readonly total: string
  readonly sumBySlot: string
  readonly remainder: string
  /** What the registers of that slot counted, and what is billed under it. */
  readonly counted: string
  readonly billed: string
}

const registerNames = ['tou1', 'tou2', 'tou3', 'tou4'] as const
const slotMapSchema = z.looseObject({
  registers: z.partialRecord(z.enum(registerNames), z.string()),
  residual: z.string(),
})
type SlotMap = z.infer<typeof slotMapSchema>
const slotsSchema = z.looseObject({ slots: slotMapSchema })
const calendarsSchema = z.looseObject({
  versions: z.array(z.looseObject({ calendars: z.array(z.looseObject({})).default([]) })).min(1),
})

/**
 * Registers are cut to their display one by one, so that those by slot make a hundredth more or less than the total; the version says which
 * slot is what is left of the total. Null where nothing is left, or the curve splits the energy.
 */
export function billedRemainder(proof: ProofDocument | ComponentProof): BilledRemainder | null {
  const map = slotMapOf(proof)
  if (map === null) return null
  const { determinant } = proof
  const sumOf = (wanted: (slot: string) => boolean) => Decimal.sum(0, ...countedBy(map, determinant, wanted))
  const sumBySlot = sumOf(() => true)
  const remainder = new Decimal(determinant.total).minus(sumBySlot)
  if (sumBySlot.isZero() || remainder.isZero()) return null
  const counted = sumOf((slot) => slot === map.residual)
  return {
    slot: map.residual,
    total: determinant.total,
    sumBySlot: sumBySlot.toFixed(),
    remainder: remainder.toFixed(),
    counted: counted.toFixed(),
    billed: counted.plus(remainder).toFixed(),
  }
}

function countedBy({ registers }: SlotMap, counted: ProofRegisters, wanted: (slot: string) => boolean) {
  return registerNames.flatMap((name) => {
    const slot = registers[name]
    const value = counted[name]
    return slot === undefined || value === null || !wanted(slot) ? [] : [value]
  })
}

function slotMapOf(proof: ProofDocument | ComponentProof): SlotMap | null {
  if (proof.format === 'proof/2') {
    const parsed = slotsSchema.safeParse(proof.tariff.document)
    return parsed.success ? parsed.data.slots : null
  }
  const [version] = proof.tariff.versions
  const parsed = calendarsSchema.safeParse(version?.document)
  if (!parsed.success || proof.intervals !== null) return null
  const maps = parsed.data.versions.flatMap(({ calendars }) =>
    calendars.flatMap((calendar) => slotMapSchema.safeParse(calendar).data ?? []),
  )
  return maps[0] ?? null
}

export function remainderText(remainder: BilledRemainder | null): readonly string[] {
  if (remainder === null) return []
  const { slot, total, sumBySlot, counted, billed } = remainder
  const left = new Decimal(remainder.remainder)
  return [
    `※ 尾差 remainder: 总示数 total ${kwh(total)} − 分时之和 registers by slot ${kwh(sumBySlot)} = ${left.toFixed()} kWh，归 ${slot} 时段 goes to that slot：示数 counted ${kwh(counted)} → 计费 billed ${kwh(billed)}`,
  ]
}
