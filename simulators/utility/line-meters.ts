import { present } from '../../domain/result.js'
import { beijing, type Instant, type LocalDate } from '../../domain/time.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import type { LineMeter } from '../line-meters.js'
import { usualFreezeDepth } from '../meter/description.js'
import { createDlt645Meter, type Dlt645Meter } from '../meter/dlt645-meter.js'
import type { ModbusMeter } from '../modbus-meter.js'
import type { UtilityDescription } from './description.js'
import type { MeterStay } from './meter-registers.js'
import { wantedMidnights } from './story-calendar.js'

interface Span {
  readonly from: Instant
  readonly to: Instant | null
}

/** The DL/T 645 meters of a serial line or concentrator, each over the spans in which it can answer. */
export function lineMetersOf(
  description: UtilityDescription,
  line: string,
  stays: Iterable<MeterStay>,
): readonly LineMeter[] {
  return [...stays]
    .filter(({ point }) => point.line === line)
    .flatMap((stay) => {
      const meter = dlt645MeterOf(description, stay)
      return answeringSpans(description, stay).map((span) => ({ meter, ...span }))
    })
}

/** The meters of a Modbus gateway by unit id. */
export function modbusMetersOf(line: string, stays: Iterable<MeterStay>): ReadonlyMap<number, ModbusMeter> {
  return new Map(
    [...stays]
      .filter(({ point }) => point.line === line)
      .map(({ meter: { entry }, registersAt }) => [
        Number(entry.communicationAddress),
        { model: present(findMeterModel(entry.model), entry.model), source: { registersAt } },
      ]),
  )
}

function dlt645MeterOf(description: UtilityDescription, { meter, from, registersAt, point }: MeterStay): Dlt645Meter {
  return createDlt645Meter({
    address: meter.entry.communicationAddress,
    source: { registersAt },
    energisedFrom: from,
    missedFreezes: missedFreezesOf(description, point.usagePoint),
    freezeDepth: usualFreezeDepth,
  })
}

function missedFreezesOf({ faults }: UtilityDescription, usagePoint: string): ReadonlySet<LocalDate> {
  const { outage } = faults.noSupply
  if (faults.noSupply.usagePoint !== usagePoint) return new Set()
  const missed = wantedMidnights.filter((midnight) => outage.from <= midnight && midnight < outage.to)
  return new Set(missed.map((midnight) => beijing.dateAt(midnight)))
}

/** A meter is silent while its point has no supply and from the moment its communication module dies. */
function answeringSpans({ faults }: UtilityDescription, { point, from, to }: MeterStay): readonly Span[] {
  if (point.usagePoint === faults.noSupply.usagePoint) {
    const { outage } = faults.noSupply
    return [
      { from, to: outage.from },
      { from: outage.to, to },
    ]
  }
  return [{ from, to: point.usagePoint === faults.deadModule.usagePoint ? faults.deadModule.from : to }]
}
