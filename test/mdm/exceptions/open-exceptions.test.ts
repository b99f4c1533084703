import t from 'tap'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { dayMs, hourMs } from '../../../domain/time.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { endFindings, insertFindings } from '../../../storage/mdm/exceptions.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import {
  importSmallUtility,
  openBooks,
  openedUtility,
  meterEntry,
  midnight,
  registers,
  smallUtility,
  stamp,
  store,
  storeDue,
} from '../support/small-utility.js'

t.test('a held reading is opened once and closed when a later claim settles it', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(2), registers: registers(900_00) },
  ])
  const range = { from: midnight(1), to: midnight(3) }
  await runValidation(mdm, { ...range, now: midnight(2) + hourMs })
  const first = { actor: 'system', now: midnight(2) + 2 * hourMs }
  t.match(await openExceptions(mdm, first), { opened: 1, closed: 0, stillOpen: 1, withoutPlace: [] })
  t.match(await openExceptions(mdm, first), { opened: 0, closed: 0, stillOpen: 1 })
  const open = await findOpenExceptions(mdm, first.now)
  t.match(open, [
    {
      kind: 'held_reading',
      meterCode: 'meter-1',
      areaCode: 'area-1',
      crewCode: null,
      manager: 'manager-1',
      accountCode: 'account-1',
      rules: ['decrease'],
      deadline: first.now + 48 * hourMs,
      waitingDecision: null,
      seenRevision: 1,
    },
  ])
  t.equal(open.length, 1)
  const evidence = { source: 5, document: 'photo 1', actor: 'crew-1' }
  await database.as('mdm').execute(
    `insert into manual_reading (meter_id, quantity, read_at, total_e4, tou2_e4, tou4_e4, source, document, actor_id, recorded_at)
     values (1, 1, $1, 10120000, 6072000, 4048000, $2, $3, $4, $5)`,
    [iso(midnight(2)), evidence.source, evidence.document, evidence.actor, iso(midnight(2) + 3 * hourMs)],
  )
  await runValidation(mdm, { ...range, now: midnight(2) + 4 * hourMs })
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(2) + 5 * hourMs }), {
    opened: 0,
    closed: 1,
    stillOpen: 0,
  })
  t.match(await mdm.query('select event, detail, decision_id from exception_event order by ordinal'), [
    { event: 'opened' },
    { event: 'closed', detail: /^accepted since/, decision_id: null },
  ])
})

t.test('what nothing serves and no estimate fills is an exception once the ladder is past', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await storeDue(database, [{ meterId: 2n, readAt: midnight(5) }])
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(8) - 1 }), { opened: 0 })
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(8) }), { opened: 1 })
  t.match(await findOpenExceptions(mdm, midnight(8)), [
    { kind: 'missing_reading', meterCode: 'meter-2', rules: ['no_read'] },
  ])
  await store(database, [{ meterId: 2n, readAt: midnight(5), registers: registers(500_00), source: 2 }])
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(8) + 1 }), { opened: 0, closed: 1 })
})

t.test('findings of other checks are exceptions until they end', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const finding = {
    findingKey: 'area_loss/area-1/2026-07-03',
    kind: 'area_loss',
    usagePointId: null,
    transformerAreaId: 1n,
    meterId: null,
    accountId: null,
    readAt: null,
    periodStart: midnight(3),
    periodEnd: midnight(4),
    detail: 'loss 18 % is above 12 %',
    evidence: { lossPermille: 180 },
  }
  t.equal(await insertFindings(mdm, [finding], midnight(4)), 1)
  t.equal(await insertFindings(mdm, [finding], midnight(5)), 0)
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(5) }), { opened: 1 })
  t.match(await findOpenExceptions(mdm, midnight(5), { kind: 'area_loss' }), [
    { areaCode: 'area-1', manager: 'manager-1' },
  ])
  t.equal(await endFindings(mdm, { keys: [finding.findingKey], reason: 'recomputed', recordedAt: midnight(6) }), 1)
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(6) }), { opened: 0, closed: 1 })
})

function iso(instant: number): string {
  return new Date(instant).toISOString()
}

t.test(
  'a standing doubt is in the queue however old it is, whether it was there before the queue or came late',
  async (t) => {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    const mdm = database.as('mdm')
    t.match(await importRegistry(mdm, openedUtility(), stamp), { ok: true })
    await plantApprovers(database.as('owner'), ['auditor-1', 'auditor-2'])
    await openBooks(database, ['auditor-1', 'auditor-2'])
    const hold = (meterId: number, day: number, recordedAt: number) =>
      mdm.execute(
        `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, rules, reason, recorded_at)
       values ($1, 1, $2, 1, 'held', '{decrease}', 'fell', $3)`,
        [meterId, new Date(midnight(day)).toISOString(), new Date(recordedAt).toISOString()],
      )
    const look = (now: number) => openExceptions(mdm, { actor: 'system', now })
    const later = midnight(1) + 200 * dayMs
    await hold(1, 2, midnight(2))
    await hold(1, -3, midnight(2))
    t.match(await look(later), { opened: 1, closed: 0, stillOpen: 1 }, 'but for what another system billed')
    t.match(await look(later + dayMs), { opened: 0, closed: 0, stillOpen: 1 })
    await hold(2, 3, later + dayMs + hourMs)
    t.match(await look(later + 2 * dayMs), { opened: 1, closed: 0, stillOpen: 2 })
    t.match(await look(later + 100 * dayMs), { opened: 0, closed: 0, stillOpen: 2 }, 'nor is it lost again')
    await mdm.execute(
      `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at)
     select meter_id, quantity, read_at, 2, 'accepted', 10000000, 5, '{}', '', $1 from validation_decision where meter_id = 2`,
      [new Date(later + 101 * dayMs).toISOString()],
    )
    t.match(await look(later + 102 * dayMs), { opened: 0, closed: 1, stillOpen: 1 })
  },
)

t.test('a doubt about a meter that nobody had placed is in the queue once the registry places it', async (t) => {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await importSmallUtility(database)
  const spare = { ...smallUtility(), meters: [meterEntry('meter-9', '000000000009')], installations: [] }
  t.match(await importRegistry(mdm, spare, stamp), { ok: true })
  await mdm.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, rules, reason, recorded_at)
     select meter_id, 1, $1, 1, 'held', '{decrease}', 'fell', $1 from meter where code = 'meter-9'`,
    [new Date(midnight(3)).toISOString()],
  )
  const later = midnight(1) + 200 * dayMs
  t.match(await openExceptions(mdm, { actor: 'system', now: later }), { opened: 0, withoutPlace: [/meter-9/] })
  await database.as('owner').execute(
    `insert into installation_timeline
       select (jsonb_populate_record(i, jsonb_build_object('meter_id', m.meter_id, 'revision', i.revision + 1, 'recorded_at', $1::timestamptz))).*
         from installation_timeline i, meter m where i.usage_point_id = 3 and m.code = 'meter-9'`,
    [new Date(later + dayMs).toISOString()],
  )
  t.match(await openExceptions(mdm, { actor: 'system', now: later + 2 * dayMs }), { opened: 1, withoutPlace: [] })
})

t.test(
  'what a meter said after it was taken down leaves the queue by itself, with the reason; what it said before stays',
  async (t) => {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    const mdm = database.as('mdm')
    await store(database, [
      { meterId: 2n, readAt: midnight(1), registers: registers(1000_00) },
      { meterId: 2n, readAt: midnight(2), registers: registers(900_00) },
      { meterId: 2n, readAt: midnight(5), registers: registers(800_00) },
    ])
    await runValidation(mdm, { from: midnight(1), to: midnight(6), now: midnight(5) + hourMs })
    const look = (now: number) => openExceptions(mdm, { actor: 'system', now })
    t.match(await look(midnight(6)), { opened: 2, closed: 0 })
    const removal = {
      kind: 'meter_removal',
      usagePoint: 'point-2',
      meter: 'meter-2',
      at: iso(midnight(3)),
      stopRegisters: { total: '1001' },
      document: 'sheet 3',
    }
    const noted = await applyRegistryChange(mdm, removal, { actor: 'manager-1', recordedAt: midnight(6) + hourMs })
    t.ok(noted.ok, JSON.stringify(noted))
    t.match(await look(midnight(7)), { closed: 1 })
    t.match(await look(midnight(8)), { opened: 0, closed: 0 })
    t.match(await findOpenExceptions(mdm, midnight(8)), [{ readAt: midnight(2) }])
    t.match(await mdm.query(`select detail, decision_id from exception_event where event = 'closed'`), [
      { detail: `the meter was taken down ${iso(midnight(3))}: what it said is billed to nobody`, decision_id: null },
    ])
  },
)
