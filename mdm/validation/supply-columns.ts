import type { MeterId } from '../../domain/reading.js'
import type { Segment } from '../../domain/timeline.js'
import { usageClasses } from '../../domain/usage-class.js'
import type { SupplyRow } from '../../storage/mdm/validation-shard.js'
import type { SupplyFacts } from './rule.js'

/** Where meters hung from when to when; empty for one that hung nowhere. */
export type SuppliesOf = (meterId: MeterId) => readonly Segment<SupplyFacts>[]

/** The supplies of a whole company as columns: some fifty bytes for each, whatever is read of them. */
export interface SupplyColumns {
  /** Rows come by meter and time. */
  readonly add: (row: SupplyRow) => void
  readonly of: SuppliesOf
}

const firstRoom = 1 << 16

export function createSupplyColumns(): SupplyColumns {
  let rows = 0
  let columns = makeColumns(firstRoom)
  return {
    add({ meterId, from, to, value }) {
      if (rows === columns.meterIds.length) columns = enlarge(columns)
      columns.meterIds[rows] = meterId
      columns.froms[rows] = from
      columns.tos[rows] = to ?? Number.POSITIVE_INFINITY
      columns.areaIds[rows] = value.areaId
      columns.installedAts[rows] = value.installedAt
      columns.multipliers[rows] = value.multiplier
      columns.classes[rows] = usageClasses.indexOf(value.usageClass)
      columns.capacities[rows] = Number(value.contractCapacityKva ?? 0n)
      columns.exports[rows] = value.exportAgreed ? 1 : 0
      rows += 1
    },
    of(meterId) {
      const segments: Segment<SupplyFacts>[] = []
      for (let row = firstRow(columns.meterIds, rows, meterId); columns.meterIds[row] === meterId && row < rows; row++)
        segments.push(segmentOf(columns, row))
      return segments
    },
  }
}

type Columns = ReturnType<typeof makeColumns>

function makeColumns(length: number) {
  return {
    meterIds: new BigInt64Array(length),
    froms: new Float64Array(length),
    tos: new Float64Array(length),
    areaIds: new BigInt64Array(length),
    installedAts: new Float64Array(length),
    multipliers: new BigInt64Array(length),
    classes: new Uint8Array(length),
    capacities: new Int32Array(length),
    exports: new Uint8Array(length),
  }
}

function enlarge(columns: Columns): Columns {
  const larger = makeColumns(2 * columns.meterIds.length)
  larger.meterIds.set(columns.meterIds)
  larger.froms.set(columns.froms)
  larger.tos.set(columns.tos)
  larger.areaIds.set(columns.areaIds)
  larger.installedAts.set(columns.installedAts)
  larger.multipliers.set(columns.multipliers)
  larger.classes.set(columns.classes)
  larger.capacities.set(columns.capacities)
  larger.exports.set(columns.exports)
  return larger
}

function segmentOf(columns: Columns, row: number): Segment<SupplyFacts> {
  const to = columns.tos[row] ?? Number.POSITIVE_INFINITY
  const capacity = columns.capacities[row] ?? 0
  return {
    from: columns.froms[row] ?? 0,
    to: to === Number.POSITIVE_INFINITY ? null : to,
    value: {
      areaId: columns.areaIds[row] ?? 0n,
      installedAt: columns.installedAts[row] ?? 0,
      multiplier: columns.multipliers[row] ?? 1n,
      usageClass: usageClasses[columns.classes[row] ?? 0] ?? 'residential',
      contractCapacityKva: capacity === 0 ? null : BigInt(capacity),
      exportAgreed: columns.exports[row] === 1,
    },
  }
}

/** The first row of a meter, or where it would be. */
function firstRow(meterIds: BigInt64Array, rows: number, meterId: MeterId): number {
  let low = 0
  let high = rows
  while (low < high) {
    const middle = (low + high) >> 1
    if ((meterIds[middle] ?? meterId) < meterId) low = middle + 1
    else high = middle
  }
  return low
}
