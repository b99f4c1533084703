import { z } from 'zod'
import type { TimeOfUseSlot } from '../../domain/bill.js'
import { type SlotCalendar, slotCalendarSchema } from '../../domain/slot-calendar.js'
import type { LocalDate } from '../../domain/time.js'
import type { TariffVersionRow } from '../../storage/billing/tariff-versions.js'

/** What a version of a tariff asks of meters: its hours, and which register counts which slot. */
export interface TariffHours {
  readonly code: string
  readonly version: number
  /** Local days [validFrom, validTo); null: until further notice. */
  readonly validFrom: LocalDate
  readonly validTo: LocalDate | null
  readonly calendar: SlotCalendar
  /** Slot that tou1…tou4 count; null for a register that the tariff does not know. */
  readonly registers: readonly (TimeOfUseSlot | null)[]
  /** An account whose meter counts other hours may be rated from its curve. */
  readonly ratesFromCurves: boolean
}

const slotName = z.enum(['sharp', 'peak', 'flat', 'valley'])

/** The part of a stored version that says hours. */
const versionSchema = z.object({
  slots: z
    .object({
      registers: z.object({
        tou1: slotName.optional(),
        tou2: slotName.optional(),
        tou3: slotName.optional(),
        tou4: slotName.optional(),
      }),
      hours: z.object({ calendar: slotCalendarSchema }).optional(),
      whenMeterDiffers: z.enum(['hold', 'rate_from_curves']).optional(),
    })
    .optional(),
})

/** The hours of a stored version; null for one that says none. */
export function toTariffHours(row: TariffVersionRow): TariffHours | null {
  const { slots } = versionSchema.parse(row.document)
  if (slots?.hours === undefined) return null
  const { tou1 = null, tou2 = null, tou3 = null, tou4 = null } = slots.registers
  return {
    code: row.tariff_code,
    version: row.version,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    calendar: slots.hours.calendar,
    registers: [tou1, tou2, tou3, tou4],
    ratesFromCurves: slots.whenMeterDiffers === 'rate_from_curves',
  }
}

/** The version that is valid on a day. */
export function hoursOn(versions: readonly TariffHours[], date: LocalDate): TariffHours | null {
  return versions.find(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date < validTo)) ?? null
}
