import { z } from 'zod'
import { slotCalendarSchema } from '../../domain/slot-calendar.js'
import { isLocalDate } from '../../domain/time.js'

/**
 * A published tariff as data: one version, one file. Prices are decimal texts in currency units per kWh, tax included; each cell
 * names its source and how good that source is (A law or notice read in full … E weak page, U our own assumption).
 * Whatever this schema does not know is refused: a rule we cannot apply must not be ignored.
 */
export const tariffDocumentSchema = z.strictObject({
  format: z.literal('tariff/1'),
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  version: z.int().positive(),
  name: bilingual(),
  province: z.string().min(1),
  /** First local day of validity. */
  validFrom: localDate(),
  /** First local day no longer covered; absent means until further notice. */
  validTo: localDate().optional(),
  /** The version before, which has no validTo, ends where this one begins. */
  succeeds: z.literal(true).optional(),
  documentNumber: z.string().min(1),
  notice: bilingual().optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  energyRounding: z.literal('none'),
  vat: z.strictObject({ rate: decimalText(), ...evidence() }),
  /** Which meter register counts which slot; absent where the price does not depend on the time of use. */
  slots: z
    .strictObject({
      registers: z.strictObject({
        tou1: timeOfUseSlot().optional(),
        tou2: timeOfUseSlot().optional(),
        tou3: timeOfUseSlot().optional(),
        tou4: timeOfUseSlot().optional(),
      }),
      /** Takes total − Σ registers, which the display's decimals leave within tolerance. */
      residual: timeOfUseSlot(),
      /** Which minutes of which days belong to which slot; what is in the meters is compared with it. */
      hours: z.strictObject({ calendar: slotCalendarSchema, ...evidence() }).optional(),
      /** What becomes of an account whose meter counts other hours: held when nothing is said. */
      whenMeterDiffers: z.enum(['hold', 'rate_from_curves']).optional(),
    })
    .optional(),
  /** A price per slot, or one for slot `all`; empty where the ladder's full prices are the whole price. */
  energyPrices: z.array(z.strictObject({ slot: z.enum(['all', 'sharp', 'peak', 'flat', 'valley']), ...priceCell() })),
  ladder: z
    .strictObject({
      mode: z.literal('annual'),
      /** full: the block's price is the whole price. increment: it is added to the energy price. */
      form: z.enum(['full', 'increment']),
      /** Upper bounds of the blocks but the last, kWh a month; the year's limit is this × months. */
      monthlyLimitsKwh: z.array(decimalText()).min(1).max(7),
      blockPrices: z.array(z.strictObject({ block: z.int().min(1).max(8), ...priceCell() })).min(1),
      prorate: z.strictObject({
        startedMonth: z.literal('whole'),
        newAccount: z.literal('months_from_ladder_from'),
        transfer: z.literal('months_used'),
      }),
      ...evidence(),
    })
    .optional(),
  /** Government funds inside the price, split off in the ledger. */
  funds: z.array(
    z.strictObject({
      fund: z.enum(['rural_grid_loan', 'reservoir_resettlement', 'renewable_energy']),
      ...priceCell(),
    }),
  ),
})

export type TariffDocument = z.infer<typeof tariffDocumentSchema>

function timeOfUseSlot() {
  return z.enum(['sharp', 'peak', 'flat', 'valley'])
}

function localDate() {
  return z.string().refine(isLocalDate, '无此日期 not a calendar day YYYY-MM-DD')
}

/** Plain decimal; the sign is judged later, so that a negative price is refused by name. */
function decimalText() {
  return z.string().regex(/^-?\d{1,9}(\.\d{1,8})?$/, '应为至多八位小数的数 not a plain decimal with at most 8 decimals')
}

function bilingual() {
  return z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
}

function evidence() {
  return { source: z.string().min(1), grade: z.enum(['A', 'B', 'C', 'D', 'E', 'U']) }
}

function priceCell() {
  return { price: decimalText(), ...evidence() }
}
