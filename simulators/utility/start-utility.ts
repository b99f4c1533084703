import type { Clock, Endpoint, Network, Random } from '../../domain/runtime.js'
import { minuteMs } from '../../domain/time.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { type Concentrator, type ConcentratorCounters, startConcentrator } from '../concentrator.js'
import type { LineCounters } from '../line-bus.js'
import { type ModbusServer, startModbusServer } from '../modbus-meter.js'
import { type Rs485Line, startRs485Line } from '../rs485-line.js'
import type { LineDescription, UtilityDescription } from './description.js'
import { serialBaud, type UtilityEndpoints } from './endpoints.js'
import { lineMetersOf, modbusMetersOf } from './line-meters.js'
import { meterStaysOf } from './meter-registers.js'

export interface UtilityRuntime {
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
  /** An MQTT broker that is already up; the utility's concentrators are its clients. */
  readonly broker: Endpoint
}

/** What really happened, by line code, for comparison with what the head-end says. */
export interface UtilityCounters {
  readonly serialLines: ReadonlyMap<string, LineCounters>
  readonly concentrators: ReadonlyMap<string, ConcentratorCounters>
}

export interface RunningUtility {
  readonly endpoints: UtilityEndpoints
  readonly counters: () => UtilityCounters
  readonly close: () => Promise<void>
}

const anyPort: Endpoint = { host: '127.0.0.1', port: 0 }

/** Puts the described devices on the network. Concentrators collect every night until the utility is closed. */
export async function startUtility(description: UtilityDescription, runtime: UtilityRuntime): Promise<RunningUtility> {
  const stays = [...meterStaysOf(description).values()]
  // One after the other: timers of one instant fire in the order in which their devices were started.
  const start = async <T>(kind: LineDescription['kind'], open: (line: LineDescription) => Promise<T>) => {
    const started: T[] = []
    for (const line of description.lines) if (line.kind === kind) started.push(await open(line))
    return started
  }
  const serialLines = await start('dlt645_tcp', ({ code }) => startRs485Line(lineSettings(description, code), runtime))
  const gateways = await start('modbus_tcp', async ({ code }) => {
    const server = await startModbusServer({ endpoint: anyPort, meters: modbusMetersOf(code, stays) }, runtime)
    return { code, server }
  })
  const concentrators = await start('mqtt_concentrator', ({ code }) =>
    startConcentrator(
      {
        code,
        broker: runtime.broker,
        profile: ownEnvelope,
        meters: lineMetersOf(description, code, stays),
        ...concentratorHabits,
      },
      runtime,
    ),
  )
  return running({ serialLines, gateways, concentrators }, runtime.broker)

  function lineSettings({ faults }: UtilityDescription, code: string) {
    return {
      name: code,
      endpoint: anyPort,
      baud: serialBaud,
      meters: lineMetersOf(description, code, stays),
      damagedPermille: faults.damagedPermille,
      outages: faults.lineDown.line === code ? [faults.lineDown] : [],
    }
  }
}

const concentratorHabits = {
  collectAtMinute: 15,
  metersPerBatch: 50,
  receiptTimeoutMs: minuteMs,
  duplicatedPermille: 20,
}

interface Devices {
  readonly serialLines: readonly Rs485Line[]
  readonly gateways: readonly { readonly code: string; readonly server: ModbusServer }[]
  readonly concentrators: readonly Concentrator[]
}

function running({ serialLines, gateways, concentrators }: Devices, broker: Endpoint): RunningUtility {
  const lines = new Map([
    ...serialLines.map(({ name, endpoint }) => [name, endpoint] as const),
    ...gateways.map(({ code, server }) => [code, server.endpoint] as const),
  ])
  return {
    endpoints: { lines, broker },
    counters: () => ({
      serialLines: new Map(serialLines.map(({ name, counters }) => [name, counters()])),
      concentrators: new Map(concentrators.map(({ code, counters }) => [code, counters()])),
    }),
    async close() {
      const devices = [...serialLines, ...gateways.map(({ server }) => server), ...concentrators]
      await Promise.all(devices.map((device) => device.close()))
    },
  }
}
