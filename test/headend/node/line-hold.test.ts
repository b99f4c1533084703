import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import type { LeaseKeeper } from '../../../headend/ingest/lease-keeper.js'
import { holdLine, type LineHold, usualHoldTiming } from '../../../headend/node/line-hold.js'
import { readCurve } from '../../../headend/reading-sets/read-curve.js'
import type { VirtualClock } from '../../../simulators/virtual-clock.js'
import { openSetLine, setMeter } from '../../support/set-line.js'

const start = beijing.startOfDay('2026-07-15') + 10 * hourMs
const { holdMs, safetyMs, heartbeatMs } = usualHoldTiming

/** One line's lease as the server gives it, and the ways of two nodes to the server. */
function createServer(clock: VirtualClock) {
  const state = { owner: '', until: 0, token: 0n }
  const keeperOf = (node: string): LeaseKeeper & { isCutOff: boolean } => ({
    isCutOff: false,
    async acquire(lineId, wantedMs) {
      if (this.isCutOff) throw new Error('the database is away')
      if (state.owner !== node && clock.now() < state.until) return null
      if (state.owner !== node) Object.assign(state, { owner: node, token: state.token + 1n })
      state.until = clock.now() + wantedMs
      return { lineId, fencingToken: state.token }
    },
    async release() {
      if (state.owner === node) state.until = clock.now()
    },
  })
  return { keeperOf }
}

function hold(clock: VirtualClock, leases: LeaseKeeper): Promise<LineHold | null> {
  const { signal } = new AbortController()
  const beat = () => Promise.resolve(true)
  return holdLine({
    clock,
    timing: usualHoldTiming,
    leases,
    lineId: 1n,
    stopping: signal,
    beat,
    onTrouble: () => undefined,
  })
}

for (const baud of [2400, 1200]) {
  await t.test(
    `a node that lost its database in the middle of a curve is silent before another begins, at ${baud} baud`,
    async (t) => {
      const { clock, line } = await openSetLine(t, start, [{}], { baud })
      const server = createServer(clock)
      const [nodeA, nodeB] = [server.keeperOf('a'), server.keeperOf('b')]
      const holdA = present(await hold(clock, nodeA), 'the line')
      await clock.sleep(heartbeatMs - secondMs)
      nodeA.isCutOff = true
      await clock.sleep(2 * secondMs)
      let lastSaidAt = 0
      const right = {
        isSafe() {
          const isSafe = holdA.isSafe()
          if (isSafe) lastSaidAt = clock.now()
          return isSafe
        },
      }
      // Two days, so that it lasts longer than the hold at either rate.
      const missing = Array.from({ length: 2 * 96 }, (_, slot) => start - 49 * hourMs + slot * 15 * minuteMs)
      const wish = { curve: 'load_energy', missing, until: start + hourMs } as const
      const reading = readCurve(line.under(right), clock, setMeter(1), wish)
      let holdB: LineHold | null = null
      while ((holdB = await hold(clock, nodeB)) === null) await clock.sleep(100)
      const begunAt = clock.now()
      const curve = await reading
      t.ok(curve.values.length > 0, `${curve.values.length} slots had come`)
      t.match(curve.problems, [{ cause: 'line_lost' }])
      t.equal(curve.absent, null, 'nothing is taken for absent that nobody asked for')
      t.ok(lastSaidAt + safetyMs <= begunAt, `silent ${begunAt - lastSaidAt} ms before`)
      t.ok(begunAt >= start + holdMs)
      await holdB.giveBack()
      await holdA.giveBack()
    },
  )
}

await t.test('a hold that was over once is over, though a heartbeat comes through again', async (t) => {
  const { clock } = await openSetLine(t, start, [{}])
  const node = createServer(clock).keeperOf('a')
  const held = present(await hold(clock, node), 'the line')
  node.isCutOff = true
  await clock.sleep(holdMs - safetyMs - 1)
  t.equal(held.isSafe(), true)
  await clock.sleep(1)
  t.equal(held.isSafe(), false)
  node.isCutOff = false
  await clock.sleep(2 * heartbeatMs)
  t.equal(held.isSafe(), false)
  t.equal(held.wasLost(), true)
  await held.giveBack()
})

await t.test('a hold ends in time though the machine’s clock is set back', async (t) => {
  const { clock } = await openSetLine(t, start, [{}])
  const node = createServer(clock).keeperOf('a')
  let backMs = 0
  const held = present(await hold({ ...clock, now: () => clock.now() - backMs }, node), 'the line')
  t.equal(held.isSafe(), true)
  node.isCutOff = true
  backMs = hourMs
  await clock.sleep(holdMs)
  t.equal(held.isSafe(), false, 'what counts is how long, not what time it is')
  await held.giveBack()
})
