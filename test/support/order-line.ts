import { beijing, hourMs, minuteMs } from '../../domain/time.js'
import { approveOrder } from '../../headend/orders/approve-order.js'
import { type ExecutedOrder, executeOrder } from '../../headend/orders/execute-order.js'
import { type OrderProposal, proposeOrder } from '../../headend/orders/propose-order.js'
import { openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import type { MeterHabits } from '../../simulators/meter/description.js'
import { openDatabase } from '../../storage/database.js'
import { withDatabase } from './database.js'
import { createWorld, plantRegistry, simulatedMeter } from './field-world.js'
import { credentialCode, credentialKey, plantCredential, plantLease, plantPeople, secretPassword } from './orders.js'
import { createSniffedLine } from './sniffed-line.js'

export const start = beijing.startOfDay('2026-07-15') + 10 * hourMs + 2 * minuteMs
export const settings = { baud: 9600, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 }
export const usual: MeterHabits = { passwords: { '02': secretPassword } }

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** A line with one meter, people who propose and approve, and a head-end that owns the line. */
export async function arrange(t: Teardown, habits: MeterHabits = {}) {
  const world = createWorld(start)
  const { clock } = world
  const release = clock.hold()
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: { host: 'h', port: 1, ...settings }, meters: [1] },
  ])
  await plantPeople(owner)
  await plantLease(owner, 1n)
  const open = (role: 'console' | 'headend') => openDatabase({ url: databases.url(role), clock })
  const console = open('console')
  const headend = open('headend')
  await plantCredential(console)
  const meter = simulatedMeter(1, { habits: { ...usual, ...habits } })
  const sniffed = createSniffedLine(world, [meter])
  /** How much longer than asked for the line's process sleeps, as one that was stopped does. */
  const process = { standsStillMs: 0 }
  const lineClock = { ...clock, sleep: (delayMs: number) => clock.sleep(delayMs + process.standsStillMs) }
  const line = openDlt645Line({ clock: lineClock, connect: sniffed.connect, settings })
  t.teardown(async () => {
    line.close()
    clock.close()
    await console.close()
    await headend.close()
  })
  release()
  const lease = { lineId: 1n, fencingToken: 1n }
  const options = { database: headend, clock, line, lease, node: 'node-1', credentialKey }
  return {
    owner,
    console,
    headend,
    clock,
    sniffed,
    process,
    line,
    lease,
    meter,
    execute: (orderId: string, more: object = {}): Promise<ExecutedOrder> =>
      executeOrder({ ...options, deadline: clock.now() + minuteMs, ...more }, orderId),
    approved: async (proposal: Partial<OrderProposal>, ...approvers: readonly string[]): Promise<string> => {
      const proposed = await proposeOrder(console, clock, {
        meterCode: 'meter-1',
        kind: 'set_clock',
        parameters: { mostStepSeconds: 3600 },
        credentialCode,
        reason: 'clock check of this morning',
        author: 'author',
        notBefore: clock.now(),
        expiresAt: clock.now() + hourMs,
        ...proposal,
      })
      if (!proposed.ok) throw new Error(JSON.stringify(proposed.error))
      const { orderId } = proposed.value.order
      for (const actor of approvers) {
        const given = await approveOrder(console, clock, { orderId, actor })
        if (!given.ok) throw new Error(given.error.kind)
      }
      return orderId
    },
  }
}
