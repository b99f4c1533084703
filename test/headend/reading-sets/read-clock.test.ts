import t from 'tap'
import { clockLimitsSchema, usualClockLimits } from '../../../domain/clock-limits.js'
import { beijing, dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import { readClock } from '../../../headend/reading-sets/read-clock.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import type { ClockHabit, MeterHabits } from '../../../simulators/meter/description.js'
import { addressOf, createWorld, local } from '../../support/field-world.js'
import { openSetLine, setLineBaud, setMeter } from '../../support/set-line.js'

const noon = beijing.startOfDay('2026-07-20') + 12 * hourMs
const wish = { limits: usualClockLimits, baud: setLineBaud, previous: null }

const clocks: readonly (readonly [string, ClockHabit, offsetMs: number, string])[] = [
  ['right', {}, 0, 'ok'],
  ['a little slow', { offsetMs: -8 * secondMs }, -8 * secondMs, 'ok'],
  ['fast', { offsetMs: 90 * secondMs }, 90 * secondMs, 'drifting'],
  ['nearly two hours slow', { offsetMs: -115 * minuteMs }, -115 * minuteMs, 'out_of_limit'],
]

t.test('a clock is compared with ours within what can be known', async (t) => {
  for (const edition of ['2007', '1997'] as const) {
    for (const [title, clockHabit, truth, worth] of clocks) {
      const { line, clock } = await openSetLine(t, noon, [{ habits: { clock: clockHabit, edition } }])
      const { values, problems } = await readClock(line, clock, setMeter(1, edition), wish)
      const [check] = values
      t.same(problems, [])
      t.equal(check?.class, worth, title)
      const { offsetMs = null, uncertaintyMs = null } = check ?? {}
      t.ok(offsetMs !== null && uncertaintyMs !== null && Math.abs(offsetMs - truth) <= uncertaintyMs, title)
      t.ok(uncertaintyMs !== null && uncertaintyMs < 600, `${uncertaintyMs} ms`)
    }
  }
})

t.test('a clock whose battery is empty is years off, and absurd', async (t) => {
  const habits: MeterHabits = { clock: { batteryLostAt: noon - dayMs } }
  const { line, clock } = await openSetLine(t, noon, [{ habits }])
  const { values } = await readClock(line, clock, setMeter(1), wish)
  t.match(values, [{ class: 'absurd' }])
  t.equal(beijing.dateAt(values[0]?.meterTime ?? 0), '2000-01-02')
})

t.test('drift is told from the check before', async (t) => {
  const habits: MeterHabits = { clock: { gainMsPerDay: 4000 } }
  const energisedFrom = noon - dayMs
  const { line, clock, until } = await openSetLine(t, noon, [{ habits, energisedFrom }])
  const first = (await readClock(line, clock, setMeter(1), wish)).values[0]
  await until(noon + dayMs)
  const { checkedAt: at = 0, offsetMs = 0, uncertaintyMs = 0 } = first ?? {}
  const previous = { at, offsetMs: offsetMs ?? 0, uncertaintyMs: uncertaintyMs ?? 0 }
  const second = (await readClock(line, clock, setMeter(1), { ...wish, previous })).values[0]
  const drift = second?.driftMsPerDay ?? 0
  t.ok(Math.abs(drift - 4000) <= 1300, `${drift} ms a day`)
  t.equal(second?.class, 'drifting', 'though it is off by less than ten seconds')
})

t.test('a date that turns between the two requests is not taken for a day off', async (t) => {
  const midnight = beijing.startOfDay('2026-07-21')
  for (let beforeMs = 0; beforeMs <= 800; beforeMs += 40) {
    const { line, clock } = await openSetLine(t, midnight - beforeMs, [{}])
    const { values } = await readClock(line, clock, setMeter(1), wish)
    t.match(values, [{ class: 'ok' }], `asked ${beforeMs} ms before midnight`)
  }
})

t.test('bytes that are no time are an absurd clock with its evidence, silence is no check', async (t) => {
  const { clock, network } = createWorld(noon)
  const broken = encodeDataReply(addressOf(1), '04000101', Buffer.from('00000000', 'hex'))
  let isSilent = false
  const listener = await network.listen(local, (socket) => {
    socket.on('data', () => {
      if (!isSilent) socket.write(broken)
    })
  })
  const settings = { baud: setLineBaud, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 }
  const line = openDlt645Line({ clock, connect: () => network.connect(listener.endpoint), settings })
  t.teardown(async () => {
    line.close()
    await listener.close()
    clock.close()
  })
  await line.ready(noon + minuteMs)
  t.match(await readClock(line, clock, setMeter(1), wish), {
    values: [{ class: 'absurd', meterTime: null, offsetMs: null, evidence: { frame: { response: broken } } }],
    problems: [],
  })
  isSilent = true
  t.match(await readClock(line, clock, setMeter(1), wish), { values: [], problems: [{ cause: 'no_reply' }] })
})

t.test('limits that do not rise are refused', async (t) => {
  t.ok(clockLimitsSchema.safeParse(usualClockLimits).success)
  t.notOk(clockLimitsSchema.safeParse({ ...usualClockLimits, absurdMs: 1 }).success)
})
