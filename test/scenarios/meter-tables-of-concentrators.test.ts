import t from 'tap'
import { present } from '../../domain/result.js'
import { holding } from '../../domain/runtime.js'
import { hourMs, minuteMs } from '../../domain/time.js'
import { loadUplinks } from '../../headend/concentrators/load-uplinks.js'
import { loadTableViews, type TableView } from '../../headend/concentrators/table-views.js'
import type { HeadEndOptions } from '../../headend/head-end.js'
import { defaultPlan } from '../../headend/plan/default-plan.js'
import { approvePlan, submitPlan } from '../../headend/plan/record-plan.js'
import { envelopeProfiles, ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { encodeMeterTable } from '../../protocols/concentrator/meter-table.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import { startConcentrator } from '../../simulators/concentrator.js'
import type { Database } from '../../storage/database.js'
import { approveTablePush } from '../../storage/headend/concentrator-tables.js'
import { concentratorStates } from '../../storage/headend/concentrators.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { setConcentratorScene } from '../support/concentrator-scene.js'
import { addressOf, firstMidnight, simulatedMeter } from '../support/field-world.js'
import { plantApprovers } from '../support/people.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

const line = { code: 'c1', meters: [11, 12, 13] }

async function viewsAt(reader: Database, at: number): Promise<readonly TableView[]> {
  return loadTableViews(reader, (await loadUplinks(reader)).uplinks, at)
}

function said({ differences }: TableView): readonly string[] {
  return differences.map(({ address, mismatch }) => `${Number(address)} ${mismatch}`)
}

/** Meter 13 was replaced by meter 14, as people put it into the registry. */
async function exchangeMeter(owner: Database, at: number): Promise<void> {
  const when = toTimestamptz(at)
  await owner.execute(`insert into meter values (14, 'meter-14', 'dlt645_2007', $1, 'dlt645', 6, 2)`, [addressOf(14)])
  await owner.execute(
    `insert into installation_timeline values (13, 2, '2026-06-01', $1, 13, 1, $1, 'fitter', 'exchange'),
                                              (13, 2, $1, null, 14, 1, $1, 'fitter', 'exchange')`,
    [when],
  )
  await owner.execute(`insert into meter_exchange values (13, $1, 13, 14, 'note 7', $1, 'fitter')`, [when])
}

async function afterExchange(t: Teardown, options: Partial<HeadEndOptions> = {}) {
  const scene = await setConcentratorScene(t, [line], options)
  const { clock } = scene.world
  await plantApprovers(scene.owner, ['fitter', 'chief'])
  if (options.plan !== undefined) {
    const submission = { plan: options.plan, author: 'fitter', reason: 'test', effectiveFrom: clock.now() }
    const { revision } = await submitPlan(scene.owner, clock, submission)
    await approvePlan(scene.owner, clock, { revision, approver: 'chief' })
  }
  const wired = [11, 12, 13, 14].map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null }))
  const concentrator = await scene.concentrator(line, ownEnvelope, {
    meters: wired,
    table: [11, 12, 13].map(addressOf),
    collectAtMinute: 12 * 60,
  })
  scene.go()
  await clock.sleep(minuteMs)
  await scene.headEnd.uploadsCommitted()
  const release = clock.hold()
  const view = async () => present((await viewsAt(scene.reader, clock.now()))[0], 'a view')
  const before = await view()
  await exchangeMeter(scene.owner, clock.now())
  release()
  await clock.sleep(minuteMs)
  await scene.headEnd.tendConcentrators()
  return { scene, clock, concentrator, view, before }
}

await t.test(
  'an exchange in the registry opens a push, which another person approves, and the difference goes',
  async (t) => {
    const { scene, clock, concentrator, view, before } = await afterExchange(t)
    t.same(said(before), [])
    t.match(before.report, { basis: 'report', version: 0 })
    const opened = await view()
    t.same(said(opened), ['13 unknown_to_registry', '14 missing_in_concentrator'])
    t.match(opened.pushes, [{ version: 1, cause: 'meter_exchange', actor: 'fitter', approvedAt: null, sentAt: null }])
    await clock.sleep(hourMs)
    await scene.headEnd.tendConcentrators()
    t.match(
      (await view()).pushes,
      [{ version: 1, sentAt: null }],
      'nothing goes out unapproved, and no second push is opened',
    )
    const { pushId } = present(opened.pushes[0], 'a push')
    const approve = (actor: string | null) => approveTablePush(scene.owner, { pushId, actor, approvedAt: clock.now() })
    await t.rejects(approve('fitter'), /that takes another person/)
    await t.rejects(approve(null), /needs the approval of another person/, 'no plan in force lets exchanges pass')
    t.equal(await approve('chief'), 'created')
    await scene.headEnd.tendConcentrators()
    await clock.sleep(minuteMs)
    await scene.headEnd.uploadsCommitted()
    const done = await view()
    t.match(done.pushes, [{ approvedBy: 'chief', attempts: 1, outcome: 'in_force', versionInForce: 1 }])
    t.same(said(done), [])
    t.same(concentrator.table(), [11, 12, 14].map(addressOf))
    await scene.headEnd.tendConcentrators()
    t.equal((await view()).pushes.length, 1)
    scene.world.clock.hold()
  },
)

await t.test('under the standing policy the push of an exchange goes out at once', async (t) => {
  const { scene, clock, view, concentrator } = await afterExchange(t, {
    plan: { ...defaultPlan, tables: { exchangesApprovedBy: 'standing_policy' } },
  })
  await clock.sleep(minuteMs)
  await scene.headEnd.uploadsCommitted()
  const done = await view()
  t.match(done.pushes, [{ cause: 'meter_exchange', approvedBy: null, outcome: 'in_force' }])
  t.same(said(done), [])
  t.same(concentrator.table(), [11, 12, 14].map(addressOf))
  const now = toTimestamptz(clock.now())
  const open = (table: string) =>
    scene.owner.execute(
      `insert into concentrator_table_push select 'p', 1, 9, ${table}, 'difference', 'fitter', $1::timestamptz`,
      [now],
    )
  await t.rejects(open(`'[]'`), /not the one that the registry asks for/)
  const pushed = await open('desired_meter_table(1, 9, $1)')
  t.equal(pushed, 1)
  const alone = approveTablePush(scene.owner, { pushId: 'p', actor: null, approvedAt: clock.now() })
  await t.rejects(alone, /approval of another person/, 'the standing policy is for exchanges only')
  scene.world.clock.hold()
})

await t.test(
  'tables of two concentrators, receipts nobody asked for and tables of others are kept apart',
  async (t) => {
    const lines = [line, { code: 'c2', meters: [21] }]
    const scene = await setConcentratorScene(t, lines)
    const { clock } = scene.world
    const client = await scene.device()
    scene.go()
    const publish = (topic: string, payload: Buffer) =>
      holding(clock, () => client.publishAsync(topic, payload, { qos: 1 }))
    const table = (concentrator: string, ordinals: readonly number[]) =>
      encodeMeterTable({
        concentrator,
        version: 0,
        meters: ordinals.map((ordinal, index) => ({ terminalPoint: index + 1, address: addressOf(ordinal) })),
      })
    await publish('metering/c1/table/report', table('c1', [11, 11, 12, 21]))
    await publish('metering/c2/table/report', table('c2', [21]))
    await publish('metering/c2/table/report', table('c1', []))
    await publish(
      'metering/c2/table/receipt',
      Buffer.from('{"concentrator":"c2","version":4,"outcome":"in_force","versionInForce":4}'),
    )
    await publish('metering/c2/table/receipt', Buffer.from('{'))
    await publish('metering/c9/table/report', table('c9', []))
    await clock.sleep(minuteMs)
    await scene.headEnd.uploadsCommitted()
    const views = await viewsAt(scene.reader, clock.now())
    t.same(views.map(said), [['11 duplicate', '13 missing_in_concentrator', '21 duplicate'], ['21 duplicate']])
    t.same(views[1]?.differences[0]?.alsoAt, ['c1'])
    t.same(await scene.reader.query('select line_id, reason from quarantine order by reason'), [
      { line_id: 2n, reason: 'payload_not_json' },
      { line_id: null, reason: 'unknown_line' },
      { line_id: 2n, reason: 'unknown_table_version' },
      { line_id: 2n, reason: 'wrong_concentrator' },
    ])
  },
)

await t.test(
  'whether a concentrator is there is known by its word, its last will and its uploads, as of any instant',
  async (t) => {
    const quiet = { code: 'dtu', meters: [21], settings: { profile: 'air72x-bytes' } }
    const scene = await setConcentratorScene(t, [line, quiet])
    const { clock, network } = scene.world
    scene.go()
    const own = await startConcentrator(
      {
        code: 'c1',
        broker: { host: '127.0.0.1', port: Number(new URL(scene.brokerUrl).port) },
        profile: ownEnvelope,
        meters: [],
        collectAtMinute: 0,
        metersPerBatch: 2,
        receiptTimeoutMs: minuteMs,
        duplicatedPermille: 0,
      },
      { ...scene.world, network },
    )
    const unit = await scene.concentrator(quiet, present(envelopeProfiles.get('air72x-bytes'), 'a profile'))
    await clock.sleep(30 * minuteMs)
    await scene.headEnd.uploadsCommitted()
    const bothThere = clock.now()
    await own.close()
    await clock.sleep(minuteMs)
    await scene.headEnd.uploadsCommitted()
    await unit.close()
    await clock.sleep(27 * hourMs)
    await scene.headEnd.tendConcentrators()
    const end = clock.now()
    clock.hold()
    const known = async (at: number) =>
      [...(await concentratorStates(scene.reader, at)).values()].map(
        ({ lineId, online, evidence, since }) => `${lineId} ${online} ${evidence} ${since - firstMidnight}`,
      )
    t.same(await known(bothThere - 1), ['1 true announced -10000', '2 true traffic 600000'])
    t.match(await known(end), [/^1 false last_will 179\d{4}$/, /^2 false silence /])
    t.same(await known(firstMidnight - hourMs), [])
  },
)

await t.test('a meter behind a concentrator answers like one on a line', async (t) => {
  const scene = await setConcentratorScene(t, [line])
  const unit = await scene.concentrator(line, ownEnvelope, { collectAtMinute: 12 * 60 })
  scene.go()
  const behind = present(scene.headEnd.openConcentrator(1n), 'a line')
  t.equal(await behind.ready(scene.world.clock.now() + minuteMs), true)
  const answers = await Promise.all(
    [11, 12].map((ordinal) => behind.exchange(readRequest('2007', addressOf(ordinal), '00010000'))),
  )
  const stranger = await behind.exchange(readRequest('2007', addressOf(99), '00010000'))
  scene.world.clock.hold()
  t.match(answers, [{ outcome: { kind: 'data', address: addressOf(11) } }, { outcome: { address: addressOf(12) } }])
  t.match(stranger.outcome, { kind: 'no_reply' })
  t.match(unit.transparent(), { requests: 3, answers: 2, collisions: 0, unanswered: 1 })
  t.equal(scene.headEnd.openConcentrator(99n), null)
})
