import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createShiftedClock } from '../../../console/runtime/shifted-clock.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { minuteMs, secondMs } from '../../../domain/time.js'
import type { CollectionPlan } from '../../../headend/plan/plan-document.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import type { MeterDescription } from '../../../simulators/meter/description.js'
import { type Rs485Line, startRs485Line } from '../../../simulators/rs485-line.js'
import type { TestDatabase } from '../../support/database.js'
import { firstMidnight, local, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import { recordLines } from '../../support/line-recorder.js'
import { plantApprovers } from '../../support/people.js'

const script = join(dirname(fileURLToPath(import.meta.url)), 'node-process.js')
const serial = { wakeUpBytes: 4, replyTimeoutMs: 3000 }

export interface Teardown {
  readonly teardown: (act: () => Promise<void> | void) => void
  readonly testdir: (fixture: Record<string, never>) => string
}

export interface FieldSize {
  readonly lines: number
  readonly meters: number
  readonly baud?: number
  /** Ordinals that never answer. */
  readonly silent?: readonly number[]
  readonly plan?: CollectionPlan
  readonly requestGapMs?: number
  /** What meters are besides ordinary, by ordinal. */
  readonly meterOf?: (ordinal: number) => Partial<MeterDescription>
}

/** Lines in this process, with somebody who listens; nodes come as processes. It is six minutes past midnight. */
export async function openField(
  t: Teardown,
  database: TestDatabase,
  { lines, meters, baud = 57_600, silent = [], plan, requestGapMs = 0, meterOf = () => ({}) }: FieldSize,
) {
  const clock = createShiftedClock(createRealClock(), firstMidnight + 6 * minuteMs)
  const spools = t.testdir({})
  const recorder = recordLines(createRealNetwork())
  const random = createSeededRandom(1)
  const ordinals = (line: number) => Array.from({ length: meters }, (_, index) => line * meters + index + 1)
  const started: Rs485Line[] = []
  for (let line = 0; line < lines; line += 1)
    started.push(
      await startRs485Line(
        {
          name: `line-${line}`,
          endpoint: local,
          baud,
          meters: ordinals(line).map((ordinal) => ({
            meter: simulatedMeter(ordinal, meterOf(ordinal)),
            from: 0,
            to: silent.includes(ordinal) ? 1 : null,
          })),
          damagedPermille: 0,
          outages: [],
        },
        { clock, random, network: recorder.network },
      ),
    )
  t.teardown(async () => {
    await Promise.all(started.map((line) => line.close()))
  })
  await plantRegistry(
    database.as('owner'),
    started.map(({ name, endpoint }, line) => ({
      lineId: line + 1,
      code: name,
      kind: 'dlt645_tcp',
      settings: { ...endpoint, ...serial, baud, requestGapMs },
      meters: ordinals(line),
    })),
  )
  if (plan !== undefined) await putInForce(database, plan)
  return {
    database,
    clock,
    recorder,
    lines: started,
    spools,
    startNode: (name: string) => startNode(t, [database.url('headend'), name, String(clock.now()), spools]),
    /** A node that gives up statements early. */
    startHastyNode: (name: string) =>
      startNode(t, [database.url('headend'), name, String(clock.now()), spools, String(secondMs)]),
  }
}

async function putInForce(database: TestDatabase, plan: CollectionPlan): Promise<void> {
  const clock = { ...createRealClock(), now: () => firstMidnight }
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const submission = { plan, author: 'lead', reason: 'test', effectiveFrom: firstMidnight, acceptsUnfit: true }
  const { revision } = await submitPlan(database.as('console'), clock, submission)
  await approvePlan(database.as('console'), clock, { revision, approver: 'head', acceptsUnfit: true })
}

type LogLine = Readonly<Record<string, unknown>>

function startNode(t: Teardown, args: readonly string[]) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => void child.kill('SIGKILL'))
  const log: LogLine[] = []
  const read = createInterface(child.stdout)
  read.on('line', (line) => log.push(JSON.parse(line) as LogLine))
  return {
    log,
    /** Stands still, and goes on, as a process that is stopped or a machine that is paused. */
    standStill: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number]
      return code
    },
  }
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const { sleep } = createRealClock()
  for (let look = 0; look < 600; look += 1) {
    if (await holds()) return
    await sleep(100)
  }
  throw new Error(`not within a minute: ${what}`)
}

export async function count(database: TestDatabase, from: string): Promise<number> {
  const [row] = await database.as('owner').query<{ readonly n: bigint }>(`select count(*) as n from ${from}`)
  return Number(row?.n ?? 0n)
}
