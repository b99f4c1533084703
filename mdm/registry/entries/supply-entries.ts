import { z } from 'zod'
import { code, effective, energy, percent, power, share, text } from './fields.js'

export const usagePoint = z.strictObject({
  code,
  organisation: code,
  transformerArea: code,
  gridCell: code,
  supplyAddress: text,
})
export const suspension = z.strictObject({ ...effective, usagePoint: code, document: text })
export const dayOfMonth = z.int().min(1).max(31)
export const readingDay = z.strictObject({ ...effective, usagePoint: code, readingDay: dayOfMonth })

const monthlyEnergy = energy.refine((value) => Number(value) > 0, '须大于 0 expected more than 0')
const related = { ...effective, usagePoint: code, parent: code }
export const relation = z.discriminatedUnion('kind', [
  z.strictObject({ ...related, kind: z.enum(['main_sub', 'deducted']) }),
  z.strictObject({ ...related, kind: z.literal('share'), share }),
  z.strictObject({ ...related, kind: z.literal('quantity'), quantityKwh: monthlyEnergy }),
])
export const relationTerms = z.discriminatedUnion('kind', [
  z.strictObject({ parent: code, kind: z.enum(['main_sub', 'deducted']) }),
  z.strictObject({ parent: code, kind: z.literal('share'), share }),
  z.strictObject({ parent: code, kind: z.literal('quantity'), quantityKwh: monthlyEnergy }),
])
export const areaSupply = z.strictObject({ ...effective, transformerArea: code, usagePoint: code })
export const direction = z.enum(['import', 'export', 'both'])
export const flow = z.strictObject({ ...effective, usagePoint: code, direction })
export const nameplate = {
  transformer: code,
  ratedKva: z.int().min(1).max(1_000_000),
  noLoadLossKw: power,
  loadLossKw: power,
  noLoadCurrentPercent: percent.exactOptional(),
  impedancePercent: percent.exactOptional(),
  meteringSide: z.enum(['high', 'low']),
}
export const transformer = z.strictObject({ ...effective, usagePoint: code, ...nameplate })
