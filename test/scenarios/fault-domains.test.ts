import t from 'tap'
import { minuteMs, secondMs } from '../../domain/time.js'
import { collectLine } from '../../headend/acquisition/collect-line.js'
import { openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import { createDlt645Reader } from '../../headend/transports/dlt645-reader.js'
import type { LineFaults } from '../../simulators/line-bus.js'
import { startRs485Line } from '../../simulators/rs485-line.js'
import { createWorld, local, simulatedMeter } from '../support/field-world.js'
import { dueOf, settingsOf, windowOf } from '../support/line-scene.js'

// R26: one line at fault slows the others by no more than 5 %, counted in the time of the lines, not of this machine.

const lineCount = 4
const metersPerLine = 20
const allowed = 1.05

interface Fault {
  readonly faults?: LineFaults
  readonly damagedPermille?: number
  readonly outages?: readonly { readonly from: number; readonly to: number }[]
  readonly present?: (ordinal: number) => boolean
}

/** Reads all lines at once under one clock; the fault is on the first. @returns how long each took. */
async function collectAll(fault: Fault): Promise<readonly number[]> {
  const { start } = windowOf({ due: [] })
  const world = createWorld(start)
  const { clock, network } = world
  const took = await Promise.all(
    Array.from({ length: lineCount }, async (_, index) => {
      const due = Array.from({ length: metersPerLine }, (__, meter) => 1 + index * metersPerLine + meter)
      const { faults, damagedPermille = 0, outages = [], present = () => true } = index === 0 ? fault : {}
      const bus = await startRs485Line(
        {
          name: `line ${index}`,
          endpoint: local,
          baud: 2400,
          meters: due.filter(present).map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
          damagedPermille,
          ...(faults === undefined ? {} : { faults }),
          outages,
        },
        world,
      )
      const line = openDlt645Line({
        clock,
        connect: () => network.connect(bus.endpoint),
        settings: settingsOf({ due }),
      })
      const reader = createDlt645Reader({
        clock,
        line,
        parity: 'even',
        newestMidnight: start - 5 * minuteMs,
        quirksOf: () => ({}),
      })
      const outcome = await collectLine({
        clock,
        reader,
        due: dueOf({ due }),
        ...windowOf({ due }),
        store: async () => undefined,
      })
      if (index > 0) t.equal(outcome.open, 0, `line ${index} is read`)
      const tookMs = clock.now() - start
      reader.close()
      await bus.close()
      return tookMs
    }),
  )
  clock.close()
  return took
}

const { start } = windowOf({ due: [] })
const faults: Readonly<Record<string, Fault>> = {
  'all meters dead': { present: () => false },
  'every reply damaged': { damagedPermille: 1000 },
  'somebody babbles': { faults: { babble: { everyMs: secondMs, bytes: 200 } } },
  'a meter that takes 400 ms longer': { faults: { extraDelayMs: 400 } },
  'the serial server flaps': {
    outages: Array.from({ length: 20 }, (_, nth) => ({
      from: start + nth * 4 * secondMs + secondMs,
      to: start + nth * 4 * secondMs + 3 * secondMs,
    })),
  },
  'the serial server is gone': { outages: [{ from: start, to: start + 600 * minuteMs }] },
}

const calm = await collectAll({})
for (const [name, fault] of Object.entries(faults))
  await t.test(`${name}: the other lines take no longer`, async (t) => {
    const took = await collectAll(fault)
    for (let index = 1; index < lineCount; index += 1) {
      const ratio = (took[index] ?? 0) / (calm[index] ?? 1)
      t.ok(ratio <= allowed, `line ${index} takes ${(100 * ratio).toFixed(2)} %`)
    }
  })
