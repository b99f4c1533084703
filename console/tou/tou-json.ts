import type { Instant } from '../../domain/time.js'
import { minuteText } from '../../mdm/tou-tables/day-slots.js'
import type { TouVerdict } from '../../mdm/tou-tables/tou-verdict.js'
import { differingMinutes } from '../../mdm/tou-tables/verdict-words.js'
import type { TouScreen } from './load-tou-screen.js'

const iso = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString())

/** A verdict for programs: minutes of the day as `HH:MM`, instants in ISO 8601. */
export function verdictJson({ verdict, differences, unknown, lastReadAt, ratesFromCurves }: TouVerdict): object {
  return {
    verdict,
    differences: differingMinutes(differences).map(({ fromMinute, toMinute, ...each }) => ({
      ...each,
      from: minuteText(fromMinute),
      to: minuteText(toMinute),
    })),
    unknown: unknown.map(({ from, to, reason, item }) => ({ from: iso(from), to: iso(to), reason, item })),
    lastReadAt: iso(lastReadAt),
    ratesFromCurves,
  }
}

export function touScreenJson(screen: TouScreen): object {
  const { meterCode, seen, date, beliefs, tariffCode, version, day, missing, verdict } = screen
  const slots = (each: TouScreen['day']['meter' | 'tariff']) =>
    each?.map(({ fromMinute, value }) => ({ from: minuteText(fromMinute), value })) ?? null
  return {
    meter: meterCode,
    seen: seen.map(({ digest, tables, use, firstSeenAt, lastSeenAt }) => ({
      digest,
      firstSeenAt: iso(firstSeenAt),
      lastSeenAt: iso(lastSeenAt),
      use: { ...use, zoneSwitchAt: iso(use.zoneSwitchAt), daySwitchAt: iso(use.daySwitchAt) },
      tables,
    })),
    day: {
      date,
      certainty: beliefs.map(({ from, to, certainty }) => ({ from: iso(from), to: iso(to), certainty })),
      registers: slots(day.meter),
      missing,
      tariff:
        tariffCode === null ? null : { code: tariffCode, version: version?.version ?? null, slots: slots(day.tariff) },
      verdict: verdict === null ? null : verdictJson(verdict),
    },
  }
}
