import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { createCyclicSource } from '../load/cyclic-source.js'
import type { LineMeter } from '../line-meters.js'
import { type MeterDescription, type MeterHabits, usualFreezeDepth } from '../meter/description.js'
import { createDlt645Meter } from '../meter/dlt645-meter.js'
import type { FieldMeters } from './utility-file.js'

type Exception = FieldMeters['except'][number]

export interface FieldMeterSettings {
  readonly seed: number
  readonly energisedFrom: Instant
}

/** Descriptions of a group of meters: addresses count on from the first, exceptions replace what they name. */
export function describeMeters(
  meters: FieldMeters,
  { seed, energisedFrom }: FieldMeterSettings,
): readonly MeterDescription[] {
  const exceptions = new Map(meters.except.map((each) => [each.place, each]))
  const first = BigInt(meters.firstAddress)
  const monthlyE4 = present(parseScaled(meters.monthlyKwh, 4), 'kWh with at most four decimals')
  return Array.from({ length: meters.count }, (_, index) => {
    const exception = exceptions.get(index + 1)
    const own = first + BigInt(index)
    const address = exception?.address ?? String(own).padStart(12, '0')
    const habits = { ...habitsOf(meters), ...(exception === undefined ? {} : habitsOf(exception)) }
    const clockOffsetMs = habits.clock?.offsetMs ?? 0
    // A meter that was given another's address still counts its own load.
    const meterNumber = Number(own % 2_147_483_647n)
    return {
      address,
      source: createCyclicSource({
        seed,
        customerClass: meters.customerClass,
        meterNumber,
        monthlyE4,
        from: energisedFrom,
        clockOffsetMs,
      }),
      energisedFrom,
      missedFreezes: noMissedFreezes,
      freezeDepth: exception?.freezeDepth ?? meters.freezeDepth ?? usualFreezeDepth,
      habits,
    }
  })
}

const noMissedFreezes: ReadonlySet<string> = new Set()

/** The meters of a group as they hang on a line; silent ones are left out, since nobody can tell. */
export function meterGroup(meters: FieldMeters, settings: FieldMeterSettings): readonly LineMeter[] {
  const exceptions = new Map(meters.except.map((each) => [each.place, each]))
  return describeMeters(meters, settings)
    .filter((_, index) => (exceptions.get(index + 1)?.isSilent ?? meters.isSilent) !== true)
    .map((description) => ({ meter: createDlt645Meter(description), from: settings.energisedFrom, to: null }))
}

function habitsOf(group: FieldMeters | Exception): MeterHabits {
  const {
    edition,
    wakeUpBytes,
    partBytes,
    unknownItems,
    clock,
    feedInPercent,
    passwords,
    closesDirectly,
    buttonAfterSeconds,
    sendsWrongLength,
  } = group
  return withoutUndefined({
    edition,
    wakeUpBytes,
    partBytes,
    unknownItems,
    clock:
      clock === undefined
        ? undefined
        : withoutUndefined({
            offsetMs: clock.offsetSeconds * secondMs,
            gainMsPerDay: clock.gainSecondsPerDay * secondMs,
            batteryLostAt: clock.batteryLostAt === undefined ? undefined : Date.parse(clock.batteryLostAt),
          }),
    feedInPercent,
    passwords,
    closesDirectly,
    buttonAfterMs: buttonAfterSeconds === undefined ? undefined : buttonAfterSeconds * secondMs,
    sendsWrongLength,
  })
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>
}
