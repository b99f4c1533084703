import { createRealNetwork } from '../../console/runtime/real-network.js'
import type { Network } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import type { Random } from '../../domain/runtime.js'
import { beijing, type Instant, secondMs } from '../../domain/time.js'
import type { RegisterSet } from '../../domain/reading.js'
import { type MeterDescription, usualFreezeDepth } from '../../simulators/meter/description.js'
import { createDlt645Meter, type Dlt645Meter } from '../../simulators/meter/dlt645-meter.js'
import { createVirtualClock, type VirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'

/** Where the tests of the head-end begin: shortly before the midnight that opens 1 July 2026 in Beijing. */
export const firstMidnight = beijing.startOfDay('2026-07-01')
export const worldStart = firstMidnight - 10 * secondMs

export const local = { host: '127.0.0.1', port: 0 }

export interface World {
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: Random
}

export function createWorld(start: Instant = worldStart): World {
  const clock = createVirtualClock(start)
  return { clock, network: createVirtualNetwork(clock, createRealNetwork()), random: createSeededRandom(1) }
}

/** Counts 1 kWh an hour on tou2 and tou4 in turn since 1 January, so that every midnight has its own values. */
export function registersOf(ordinal: number, instant: Instant): RegisterSet {
  const hours = BigInt(Math.floor((instant - beijing.startOfDay('2026-01-01')) / 3_600_000))
  const baseE4 = BigInt(ordinal) * 1_000_000n
  const peakE4 = baseE4 + (hours / 2n) * 10_000n
  const valleyE4 = (hours - hours / 2n) * 10_000n
  return { totalE4: peakE4 + valleyE4, touE4: [0n, peakE4, 0n, valleyE4] }
}

export function addressOf(ordinal: number): string {
  return String(ordinal).padStart(12, '0')
}

export function simulatedMeter(ordinal: number, more: Partial<MeterDescription> = {}): Dlt645Meter {
  return createDlt645Meter({
    address: addressOf(ordinal),
    source: { registersAt: (instant) => registersOf(ordinal, instant) },
    energisedFrom: beijing.startOfDay('2026-01-01'),
    missedFreezes: new Set(),
    freezeDepth: usualFreezeDepth,
    ...more,
  })
}

export interface LinePlan {
  readonly lineId: number
  readonly code: string
  readonly kind: 'dlt645_tcp' | 'modbus_tcp' | 'modbus_rtu_tcp' | 'mqtt_concentrator'
  readonly settings: object
  /** Ordinals of its meters; they are their ids, and their addresses where nothing else is said. */
  readonly meters: readonly number[]
  readonly addressOf?: (ordinal: number) => string
  readonly model?: string
}

/** Registry rows for one county with the given lines, every meter installed since 1 June 2026. */
export async function plantRegistry(owner: Database, lines: readonly LinePlan[]): Promise<void> {
  const since = toTimestamptz(beijing.startOfDay('2026-06-01'))
  await owner.execute(`insert into actor values ('system', 'test', 'process', '${since}')`)
  await owner.execute(
    `insert into organisation values (1, 'county', null, 'county', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute(`insert into grid_cell values (1, 1, 'cell', 'cell', 'system', null)`)
  await owner.execute(`insert into transformer_area values (1, 1, 'area', 'area')`)
  for (const line of lines) {
    await owner.execute('insert into line values ($1, 1, $2, $3, $4)', [
      line.lineId,
      line.code,
      line.kind,
      JSON.stringify(line.settings),
    ])
    for (const ordinal of line.meters) {
      const address = (line.addressOf ?? addressOf)(ordinal)
      const protocol = line.kind.startsWith('modbus_') ? 'modbus' : 'dlt645_2007'
      await owner.execute(`insert into meter values ($1, $2, $3, $4, $5, 6, 2)`, [
        ordinal,
        `meter-${ordinal}`,
        protocol,
        address,
        line.model ?? 'dlt645',
      ])
      await owner.execute(`insert into usage_point values ($1, 1, $2, 1, 1, 'test')`, [ordinal, `point-${ordinal}`])
      await owner.execute(
        `insert into installation_timeline values ($1, 1, $2, null, $1, $3, $2, 'system', 'first installation')`,
        [ordinal, since, line.lineId],
      )
    }
  }
}
