import { rememberEach } from '../../domain/remember.js'
import type { Calendar } from '../../domain/time.js'
import { ended } from '../tariffs/components/succession.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { Segment } from './context.js'
import { refuse } from './refusal.js'
import { instantOf, overlap, type Span } from './usage/local-time.js'
import { createSlotDays } from './usage/slot-days.js'
import type { UsageDocument } from './usage/usage-schema.js'

/** A version with its validity as instants and its calendars laid out. */
export interface LaidVersion extends Span {
  readonly version: TariffVersion
  readonly slotDays: Segment['slotDays']
  readonly path: string
}

type SpecialDays = UsageDocument['specialDays']

/**
 * Versions in order of time, each beginning where the one before ends: `tariff_gap` and `tariff_overlap` otherwise. They are laid once for all
 * accounts, but for those that have days of their own.
 */
export function layVersions(
  calendar: Calendar,
  tariff: ComponentTariff,
  { specialDays }: Pick<UsageDocument, 'specialDays'>,
): readonly LaidVersion[] {
  return specialDays.length === 0 ? laidFor(tariff)(calendar) : lay(calendar, tariff, specialDays)
}

const laidFor = rememberEach((tariff: ComponentTariff) =>
  rememberEach((calendar: Calendar) => lay(calendar, tariff, [])),
)

function lay(calendar: Calendar, tariff: ComponentTariff, specialDays: SpecialDays): readonly LaidVersion[] {
  const laid = ended(tariff.versions)
    .map((version, index): LaidVersion => {
      const path = `tariff.versions.${index}`
      return {
        version,
        path,
        from: instantOf(calendar, version.validFrom, `${path}.validFrom`),
        to:
          version.validTo === undefined
            ? Number.POSITIVE_INFINITY
            : instantOf(calendar, version.validTo, `${path}.validTo`),
        slotDays: new Map(
          version.calendars.map((set, position) => [
            set.name,
            createSlotDays(calendar, set, specialDays, `${path}.calendars.${position}`),
          ]),
        ),
      }
    })
    .sort((a, b) => a.from - b.from)
  for (const [index, { from, to, path }] of laid.entries()) {
    const before = laid[index - 1]?.to ?? from
    if (from >= to) return refuse('validity_empty', `${path}.validTo`, 'a version ends after it begins')
    if (from < before) return refuse('tariff_overlap', `${path}.validFrom`, 'the version before is still in force')
    if (from > before) return refuse('tariff_gap', `${path}.validFrom`, 'the version before has ended already')
  }
  return laid
}

/** A period cut where the version changes. `tariff_gap` where no version holds. */
export function segmentsOf(period: Span, versions: readonly LaidVersion[], path: string): readonly Segment[] {
  const segments: Segment[] = []
  let reached = period.from
  for (const laid of versions) {
    const shared = overlap(laid, period)
    if (shared === null) continue
    if (shared.from > reached) break
    const { version, slotDays, path: where } = laid
    segments.push({ from: shared.from, to: shared.to, number: segments.length + 1, version, slotDays, path: where })
    reached = shared.to
  }
  if (reached < period.to)
    return refuse('tariff_gap', path, `no version of the tariff holds from ${new Date(reached).toISOString()}`)
  return segments
}
