import t from 'tap'
import { dayMs, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import { accountDay } from '../../headend/accounting/account-day.js'
import { defaultAccountSettings, spanOf } from '../../headend/accounting/account-settings.js'
import { standingOf } from '../../headend/accounting/standing.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import type { Database } from '../../storage/database.js'
import { gapPoints } from '../../storage/headend/gap-points.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { type ConcentratorScene, setConcentratorScene } from '../support/concentrator-scene.js'
import { addressOf, firstMidnight, simulatedMeter } from '../support/field-world.js'

const windowEnd = firstMidnight + 6 * hourMs

/** `meter cause` of what was not read at the first pass of the first night, as known at an instant. */
async function causesAt(reader: Database, asOf: Instant): Promise<readonly string[]> {
  const span = spanOf(defaultAccountSettings, { after: firstMidnight - dayMs, through: firstMidnight, asOf, now: asOf })
  const points = await gapPoints(reader, span)
  return points.map((point) => `${point.meterId} ${standingOf(point, defaultAccountSettings, asOf).cause}`)
}

/** The night's window, and whatever comes until an instant. */
async function collectNight({ world, headEnd }: ConcentratorScene, until: Instant): Promise<void> {
  await world.clock.sleep(firstMidnight - world.clock.now())
  await headEnd.collectWindow(firstMidnight)
  await world.clock.sleep(Math.max(0, until - world.clock.now()))
  await headEnd.uploadsCommitted()
}

const wiredTo = (ordinals: readonly number[]) =>
  ordinals.map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null }))

await t.test('a meter that is in no table, in two, or in that of another has a cause of its own', async (t) => {
  const [first, second] = [
    { code: 'c1', meters: [11, 12, 13, 14, 15, 16] },
    { code: 'c2', meters: [21, 22] },
  ]
  const scene = await setConcentratorScene(t, [first, second])
  const { clock } = scene.world
  // Behind c1 stand 11, 12 and 15. c2 hears 13, which both have in their tables, and 14, which it alone has; nobody knows of 15.
  await scene.concentrator(first, ownEnvelope, {
    meters: wiredTo([11, 12, 15]),
    table: [11, 12, 13, 16].map(addressOf),
  })
  await scene.concentrator(second, ownEnvelope, {
    meters: wiredTo([21, 22, 13, 14]),
    table: [21, 22, 13, 14].map(addressOf),
  })
  // The clock of 16 was far out when it was last asked.
  await scene.owner.execute(
    `insert into clock_check (meter_id, checked_at, meter_time, offset_ms, uncertainty_ms, class, frame_received_at, recorded_at)
     values (16, $1, $1, 900000, 1000, 'out_of_limit', $1, $1)`,
    [toTimestamptz(firstMidnight - hourMs)],
  )
  scene.go()
  await collectNight(scene, windowEnd + hourMs)
  const asOf = clock.now()
  clock.hold()
  const found = await causesAt(scene.reader, asOf)
  t.same(found, ['13 table_duplicate', '14 table_unknown', '15 table_missing', '16 clock_drift'])

  // In the morning a person puts it right. The night stays as it was.
  const table = [11, 12, 13, 14, 15, 16].map((ordinal, index) => ({
    terminalPoint: index + 1,
    address: addressOf(ordinal),
  }))
  await scene.owner.execute(`insert into concentrator_table_report values (1, $1, 1, 'receipt', $2, $1)`, [
    toTimestamptz(asOf + hourMs),
    JSON.stringify(table),
  ])
  t.same(await causesAt(scene.reader, asOf + 2 * hourMs), found)
  const wish = { after: firstMidnight - dayMs, through: firstMidnight, asOf, now: asOf }
  const { total, causes } = await accountDay(scene.reader, wish, 'cause')
  t.match(total, { due: 8, firstPass: 4, open: 4 })
  t.equal(
    causes.reduce((sum, { points }) => sum + points, 0),
    4,
  )

  const [entries, rebuilt] = [
    'select * from concentrator_table_entry order by address, line_id, reported_at, basis',
    `select e.address, r.line_id, r.reported_at, r.basis, e.places
       from concentrator_table_report r cross join lateral table_entries(r.meters) e order by 1, 2, 3, 4`,
  ]
  t.same(
    await scene.reader.query(entries),
    await scene.reader.query(rebuilt),
    'the tables by address are those reported',
  )
})

await t.test(
  'who is lost before the window ends is off line, with all that it still owes, and only from then on',
  async (t) => {
    const line = { code: 'c1', meters: [11, 12, 13] }
    const scene = await setConcentratorScene(t, [line])
    const { clock } = scene.world
    const unit = await scene.concentrator(line, ownEnvelope, {
      meters: wiredTo([11, 12, 13]),
      metersPerBatch: 1,
      heldBack: { addresses: new Set([addressOf(13)]), forMs: 3 * hourMs },
    })
    scene.go()
    const night = collectNight(scene, windowEnd + hourMs)
    await clock.sleep(firstMidnight + hourMs - clock.now())
    const before = clock.now()
    await unit.close()
    await night
    const after = clock.now()
    clock.hold()
    t.match(await scene.reader.query('select evidence from concentrator_status order by observed_at'), [
      { evidence: 'announced' },
      { evidence: 'last_will' },
    ])
    t.same(await causesAt(scene.reader, before), ['13 window_running'])
    t.same(await causesAt(scene.reader, after), ['13 concentrator_offline'])
    t.same(await causesAt(scene.reader, before), ['13 window_running'], 'a past instant does not move')
  },
)

await t.test(
  'who is there and brings nothing has lost what is behind it; one that was not heard of for long is off line',
  async (t) => {
    const scene = await setConcentratorScene(t, [{ code: 'c1', meters: [11, 12] }])
    const { clock } = scene.world
    const unit = await scene.concentrator({ code: 'c1', meters: [] }, ownEnvelope, { table: [11, 12].map(addressOf) })
    scene.go()
    await collectNight(scene, windowEnd + minuteMs)
    const asOf = clock.now()
    clock.hold()
    t.same(await causesAt(scene.reader, asOf), ['11 line_down', '12 line_down'])
    t.equal(unit.counters().collected, 0)
    await scene.owner.execute('update concentrator_status set observed_at = $1, recorded_at = $1', [
      toTimestamptz(firstMidnight - 27 * hourMs),
    ])
    t.same(await causesAt(scene.reader, asOf), ['11 concentrator_offline', '12 concentrator_offline'])
  },
)
