import { addDays, beijing, type Instant, type LocalDate } from '../../domain/time.js'
import { type Belief, beliefsOf, type SeenTables } from '../../mdm/tou-tables/beliefs.js'
import { readForDay } from '../../mdm/tou-tables/read-for-day.js'
import { slotsOfMeter } from '../../mdm/tou-tables/slots-of-meter.js'
import { slotsOfTariff } from '../../mdm/tou-tables/slots-of-tariff.js'
import { hoursOn, type TariffHours } from '../../mdm/tou-tables/tariff-hours.js'
import { type TouVerdict, touVerdict } from '../../mdm/tou-tables/tou-verdict.js'
import { hoursOfTariffs, seenTables } from '../../mdm/tou-tables/tou-verdicts.js'
import type { Queryable } from '../../storage/database.js'
import { findMeterByCode } from '../../storage/headend/orders.js'
import { selectTouMeters } from '../../storage/mdm/tou-tables.js'
import type { StripDay } from './day-strip.js'

/** All that is known of a meter's time-of-use tables, and of one day. */
export interface TouScreen {
  readonly meterCode: string
  /** What reads found, in order of time. */
  readonly seen: readonly SeenTables[]
  readonly date: LocalDate
  /** How sure the day is. */
  readonly beliefs: readonly Belief[]
  /** Tariff that the meter's account has on the day; null without one. */
  readonly tariffCode: string | null
  /** Null: the tariff says no hours on the day. */
  readonly version: TariffHours | null
  readonly day: StripDay
  /** Item that the day lacks; null where all of it is known. */
  readonly missing: string | null
  /** Null without hours to compare with. */
  readonly verdict: TouVerdict | null
}

export interface TouScreenWish {
  readonly date: LocalDate
  readonly now: Instant
}

/** Null for a meter that is not there. */
export async function loadTouScreen(
  client: Queryable,
  code: string,
  { date, now }: TouScreenWish,
): Promise<TouScreen | null> {
  const meter = await findMeterByCode(client, code, now)
  if (meter === null) return null
  const [from, to] = [beijing.startOfDay(date), beijing.startOfDay(addDays(date, 1))]
  const seen = (await seenTables(client, [meter.meterId], now)).get(meter.meterId) ?? []
  const scope = { tariff: null, meter: code, area: null, crew: null }
  const [placed = null] = await selectTouMeters(client, scope, { from, to, knownAt: now })
  const tariffCode = placed?.tariffCode ?? null
  const versions =
    tariffCode === null ? [] : ((await hoursOfTariffs(client, [{ tariffCode, from, to }])).get(tariffCode) ?? [])
  const version = hoursOn(versions, date)
  const read = readForDay(seen, date)
  const slots = read === null ? null : slotsOfMeter(read, date)
  return {
    meterCode: code,
    seen,
    date,
    beliefs: beliefsOf(seen, from, to),
    tariffCode,
    version,
    day: {
      meter: slots?.ok === true ? slots.value : null,
      tariff: version === null ? null : slotsOfTariff(version.calendar, date),
      registers: version?.registers ?? [],
    },
    missing: slots?.ok === false ? slots.error.item : null,
    verdict: version === null ? null : touVerdict({ from, to, seen, versions }),
  }
}
