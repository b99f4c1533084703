import { present } from '../../domain/result.js'
import type { GridCellEntry, OrganisationEntry, TransformerAreaEntry } from '../../domain/organisation-entries.js'
import type { Random } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { minuteMs } from '../../domain/time.js'
import {
  describeAccount,
  describeBuilding,
  describeHousehold,
  describeShop,
  dlt645Meter,
  type Place,
} from './describe-point.js'
import type { LineDescription, PointDescription, UtilityDescription } from './description.js'
import { at } from './story-calendar.js'
import { defaultMeters, sizeOf, type UtilitySize } from './utility-size.js'

export const demoOrganisation = 'demo-county'

const organisation: OrganisationEntry = {
  code: demoOrganisation,
  name: '演示县供电公司',
  level: 'county',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  minorDigits: 2,
}
const pointsPerGridCell = 64

/** The demo county: devices, customers and everything that will go wrong in July 2026. Same arguments, same description. */
export function describeUtility(options: { readonly seed: number; readonly meters?: number }): UtilityDescription {
  const random = createSeededRandom(options.seed)
  const size = options.meters ?? defaultMeters
  const buses = busesOf(sizeOf(size))
  const places = buses.flatMap(({ line, meters }, index) => placesOn(line, meters, offsetOf(buses, index)))
  const points = places.map((place) => describePoint(random, place))
  return {
    seed: options.seed,
    organisation,
    gridCells: gridCellsFor(size),
    transformerAreas: buses.map(({ line }) => transformerAreaOf(line)),
    lines: buses.map(({ line }) => line),
    points,
    ...happeningsOf(random, points, size),
  }
}

interface Bus {
  readonly line: LineDescription
  readonly meters: number
}

function busesOf({ serialLines, concentrators, gateways }: UtilitySize): readonly Bus[] {
  return [
    ...serialLines.map((meters, index) => ({
      line: { code: `line-${index + 1}`, kind: 'dlt645_tcp' as const },
      meters,
    })),
    ...concentrators.map((meters, index) => ({
      line: { code: `concentrator-${index + 1}`, kind: 'mqtt_concentrator' as const },
      meters,
    })),
    ...gateways.map((meters, index) => ({
      line: { code: `gateway-${index + 1}`, kind: 'modbus_tcp' as const },
      meters,
    })),
  ]
}

function offsetOf(buses: readonly Bus[], index: number): number {
  return buses.slice(0, index).reduce((sum, { meters }) => sum + meters, 0)
}

function placesOn(line: LineDescription, meters: number, offset: number): readonly Place[] {
  return Array.from({ length: meters }, (_, index) => ({
    number: offset + index + 1,
    line,
    position: index + 1,
    gridCell: gridCellCode(Math.floor((offset + index) / pointsPerGridCell)),
    transformerArea: transformerAreaOf(line).code,
  }))
}

function describePoint(random: Random, place: Place): PointDescription {
  if (place.line.kind !== 'modbus_tcp') return describeHousehold(random, place)
  return place.position % 8 === 2 ? describeShop(random, place) : describeBuilding(random, place)
}

function gridCellsFor(meters: number): readonly GridCellEntry[] {
  return Array.from({ length: Math.ceil(meters / pointsPerGridCell) }, (_, index) => ({
    code: gridCellCode(index),
    organisation: organisation.code,
    name: `演示网格 ${index + 1}`,
    manager: `manager-${gridCellCode(index)}`,
  }))
}

function gridCellCode(index: number): string {
  return `grid-${String(index + 1).padStart(2, '0')}`
}

function transformerAreaOf({ code }: LineDescription): TransformerAreaEntry {
  return { code: `area-${code}`, organisation: organisation.code, name: `演示台区 ${code}` }
}

/** Each fault and each change at a usage point of its own. */
function happeningsOf(
  random: Random,
  points: readonly PointDescription[],
  meters: number,
): Pick<UtilityDescription, 'faults' | 'exchange' | 'transfer'> {
  const exchanged = pick(random, points, 'line-1', 'exchange')
  const noSupply = pick(random, points, 'line-3', 'no supply')
  const others = points.filter((point) => point !== noSupply)
  const transferred = pick(random, points, 'concentrator-1', 'transfer')
  return {
    faults: {
      damagedPermille: 10,
      lineDown: { line: 'line-2', from: at('2026-07-12'), to: at('2026-07-14') },
      noSupply: {
        usagePoint: noSupply.usagePoint,
        outage: { from: at('2026-07-19', 23) + 30 * minuteMs, to: at('2026-07-20') + 15 * minuteMs },
      },
      deadModule: { usagePoint: pick(random, others, 'line-3', 'dead module').usagePoint, from: at('2026-07-29', 12) },
    },
    exchange: {
      usagePoint: exchanged.usagePoint,
      at: at('2026-07-16', 10),
      recordedAt: at('2026-07-16', 18),
      // A new meter has counted a little at its verification.
      newMeter: {
        entry: dlt645Meter(meters + 1),
        start: { installedAt: at('2026-07-16', 10), touE4: [0n, 1500n, 0n, 2100n] },
      },
    },
    transfer: {
      usagePoint: transferred.usagePoint,
      at: at('2026-07-18'),
      recordedAt: at('2026-07-18', 9),
      account: describeAccount(meters + 1, 'residential', transferred.account.tariff, 0n),
    },
  }
}

function pick(random: Random, points: readonly PointDescription[], line: string, what: string): PointDescription {
  const candidates = points.filter((point) => point.line === line)
  return present(candidates[random.below(candidates.length, 'pick', what)], `a meter on ${line}`)
}
