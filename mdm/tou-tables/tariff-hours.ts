import { z } from 'zod'
import type { TimeOfUseSlot } from '../../domain/bill.js'
import { type SlotCalendar, slotCalendarSchema } from '../../domain/slot-calendar.js'
import type { LocalDate } from '../../domain/time.js'
import type { TariffVersionRow } from '../../storage/billing/tariff-versions.js'
import { type CountedSet, countedSetSchema, hoursOfSlotSet } from './hours-of-slot-set.js'

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
  /**
   * An account whose meter counts other hours is rated from its curve. Runs rate curves by tariffs of components: under a version of slots
   * and ladder the account is held, whatever it says.
   */
  readonly ratesFromCurves: boolean
}

const slotName = z.enum(['sharp', 'peak', 'flat', 'valley'])

/** The part of a stored version of slots and ladder that says hours. */
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
    })
    .optional(),
})

/** A version of components has one calendar that names registers. */
const componentsSchema = z.object({
  versions: z.tuple([
    z.object({ calendars: z.array(z.looseObject({ registers: z.unknown().optional() })).default([]) }),
  ]),
})

/** The hours of a stored version; null for one that says none, or none that a meter could count. */
export function toTariffHours(row: TariffVersionRow): TariffHours | null {
  const said = isOfComponents(row.document) ? hoursOfComponents(row.document) : hoursOfSlots(row.document)
  if (said === null) return null
  return {
    code: row.tariff_code,
    version: row.version,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    ...said,
  }
}

type SaidHours = Pick<TariffHours, 'calendar' | 'registers' | 'ratesFromCurves'>

function isOfComponents(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'format' in document && document.format === 'tariff/2'
}

function hoursOfSlots(document: unknown): SaidHours | null {
  const { slots } = versionSchema.parse(document)
  if (slots?.hours === undefined) return null
  const { calendar } = slots.hours
  return { calendar, registers: registersOf(slots.registers), ratesFromCurves: false }
}

function hoursOfComponents(document: unknown): SaidHours | null {
  const { calendars } = componentsSchema.parse(document).versions[0]
  const counted = countedSetSchema.safeParse(calendars.find(({ registers }) => registers !== undefined))
  const calendar = counted.success ? hoursOfSlotSet(counted.data) : null
  if (!counted.success || calendar === null) return null
  const { registers, whenMeterDiffers } = counted.data
  return { calendar, registers: registersOf(registers), ratesFromCurves: whenMeterDiffers === 'rate_from_curves' }
}

function registersOf({ tou1, tou2, tou3, tou4 }: CountedSet['registers']): TariffHours['registers'] {
  return [tou1, tou2, tou3, tou4].map((slot) => slot ?? null)
}

/** The version that is valid on a day. */
export function hoursOn(versions: readonly TariffHours[], date: LocalDate): TariffHours | null {
  return versions.find(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date < validTo)) ?? null
}
