import type { RegisterSet } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import type { Instant } from '../../domain/time.js'
import { registersAt } from '../load/register-series.js'
import { createSuppliedEnergy } from '../load/supplied-energy.js'
import type { MeterDescription, PointDescription, UtilityDescription } from './description.js'
import { loadStart } from './story-calendar.js'

/** One meter's time at a usage point, [from, to); `to` null until further notice. */
export interface MeterStay {
  readonly point: PointDescription
  readonly meter: MeterDescription
  readonly from: Instant
  readonly to: Instant | null
  /** What the meter shows at an instant of its stay, both ends included. */
  readonly registersAt: (instant: Instant) => RegisterSet
}

/** Every meter of the utility, the one that comes by exchange included, by meter code. */
export function meterStaysOf(description: UtilityDescription): ReadonlyMap<string, MeterStay> {
  const stays = description.points.flatMap((point) => staysAt(description, point))
  return new Map(stays.map((stay) => [stay.meter.entry.code, stay]))
}

export function stayOf(stays: ReadonlyMap<string, MeterStay>, meterCode: string): MeterStay {
  return present(stays.get(meterCode), `meter ${meterCode}`)
}

function staysAt({ seed, faults, exchange }: UtilityDescription, point: PointDescription): readonly MeterStay[] {
  const outages = faults.noSupply.usagePoint === point.usagePoint ? [faults.noSupply.outage] : []
  const supplied = createSuppliedEnergy(createSeededRandom(seed), point.load, loadStart, outages)
  const stay = (meter: MeterDescription, to: Instant | null): MeterStay => ({
    point,
    meter,
    from: meter.start.installedAt,
    to,
    registersAt: (instant) => registersAt(supplied, meter.start, instant),
  })
  if (exchange.usagePoint !== point.usagePoint) return [stay(point.meter, null)]
  return [stay(point.meter, exchange.at), stay(exchange.newMeter, null)]
}
