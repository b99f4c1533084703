import t from 'tap'
import type { CorrectionChange } from '../../../domain/registry-correction.js'
import { dayMs } from '../../../domain/time.js'
import { redoAfterCorrection } from '../../../mdm/corrections/redo-after-correction.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import { readBelief } from '../../../storage/registry/as-of.js'
import { exchange } from '../support/changes.js'
import { arrangeQueue, clerk, second } from '../support/queue-scene.js'
import { meterEntry, midnight, storeDue } from '../support/small-utility.js'

const told = midnight(20)

t.test('a correction takes two people, and says what it cannot do', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const by = (actor: string, day = 21) => ({ actor, recordedAt: midnight(day) })
  const good = exchange()
  const withdrawal: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'meter_exchange', usagePoint: 'point-1', at: good.at },
    instead: null,
    reason: 'nobody was there',
    document: 'memo',
  }
  const refused = async (change: object, code: string, title: string) =>
    t.match(await applyRegistryChange(mdm, change, by(clerk)), { ok: false, error: { code } }, title)
  await refused(withdrawal, 'nothing_to_correct', 'an exchange that nobody recorded')
  await applyRegistryChange(mdm, good, { actor: clerk, recordedAt: told })
  const following = {
    ...good,
    at: '2026-07-18T10:00:00+08:00',
    oldMeter: 'meter-4',
    newMeter: meterEntry('meter-5', '000000000005'),
    document: 'exchange note 2',
  }
  await applyRegistryChange(mdm, following, { actor: clerk, recordedAt: told })
  await refused(withdrawal, 'rests_on_it', 'a later exchange takes away the meter that never came')
  await refused({ ...withdrawal, of: { ...withdrawal.of, usagePoint: 'point-9' } }, 'unknown_code', 'an unknown point')
  await refused(
    { ...withdrawal, instead: { ...good, stopRegisters: { total: '10000000' } } },
    'does_not_fit_display',
    'what takes its place is judged like any change',
  )
  t.match(
    await applyRegistryChange(mdm, { ...withdrawal, instead: { ...exchange(), kind: 'multiplier' } }, by(clerk)),
    { ok: false, error: { kind: 'invalid_document' } },
  )
  t.same(await mdm.query('select from registry_correction'), [], 'a refused one is not on record')

  const ofFollowing = { ...withdrawal, of: { ...withdrawal.of, at: following.at } }
  t.match(await applyRegistryChange(mdm, ofFollowing, by(clerk)), { value: 'waits' })
  t.match(await applyRegistryChange(mdm, ofFollowing, by(clerk)), { value: 'waits' }, 'one person twice is one person')
  t.match(await mdm.query('select from meter_exchange_standing'), [{}, {}])
  await t.rejects(applyRegistryChange(mdm, ofFollowing, by('manager-1')), /right to approve/)
  const otherOrder = Object.fromEntries(Object.entries(ofFollowing).toReversed())
  t.match(await applyRegistryChange(mdm, otherOrder, by(second)), { value: 'applied' })
  t.match(await applyRegistryChange(mdm, ofFollowing, by(second)), { value: 'exists' })
  t.match(await applyRegistryChange(mdm, withdrawal, by(clerk)), { value: 'waits' })
  t.match(await applyRegistryChange(mdm, withdrawal, by(second, 22)), { value: 'applied' })
  const meter = async (knownAt: number) =>
    (await readBelief(mdm, 'usage_point', 'point-1', { knownAt, at: midnight(30) })).map(({ aspect, value }) => [
      aspect,
      value,
    ])
  t.match(await meter(told), [
    ['agreement', {}],
    ['installation', { meter: 'meter-5' }],
  ])
  t.match(await meter(midnight(21)), [
    ['agreement', {}],
    ['correction', { of: 'meter_exchange', state: 'waits' }],
    ['correction', { state: 'in_effect' }],
    ['installation', { meter: 'meter-4' }],
  ])
  t.match((await meter(midnight(22))).at(-2), ['installation', { meter: 'meter-1' }])
  t.same(await mdm.query('select from manual_reading_standing'), [])
  t.equal((await mdm.query('select from manual_reading')).length, 4, 'what was noted stays on record')
  t.match(
    await mdm.query('select distinct verdict, rules from validated_reading'),
    [{ verdict: 'held', rules: ['withdrawn'] }],
    'no decision stands on a note that was withdrawn',
  )
  t.match(await applyRegistryChange(mdm, { ...good, document: 'exchange note 3' }, by(clerk, 23)), { value: 'applied' })
  t.match(
    await mdm.query('select revision, document from meter_exchange_standing'),
    [{ revision: 2, document: 'exchange note 3' }],
    'the same instant may be told of anew',
  )

  t.comment('by SQL: what two people once approved covers that and nothing else')
  const approved = await mdm.query<{ readonly id: string }>(
    'select correction_id as id from registry_correction_approval',
  )
  t.equal(approved.length, 2)
  const uncovered = [
    `insert into meter_exchange_withdrawal select usage_point_id, exchanged_at, revision, $1, now() from meter_exchange_standing`,
    `insert into manual_reading_withdrawal
     select meter_id, quantity, read_at, source, revision, recorded_at, $1, now(), noted_for from manual_reading_standing limit 1`,
    `insert into meter_description (meter_id, revision, was_protocol, was_communication_address, was_model, was_register_digits, was_register_decimals,
                                    protocol, communication_address, model, register_digits, register_decimals, correction_id, recorded_at)
     select meter_id, 1, protocol, communication_address, model, register_digits, register_decimals,
            protocol, '000000000099', model, register_digits, register_decimals, $1, now() from meter where meter_id = 1`,
  ]
  for (const { id } of approved)
    for (const sql of uncovered)
      await t.rejects(mdm.execute(sql, [id]), /does not say what meter_|does not say what manual_/)
})

t.test('a relation that was stated first and wrongly is none, and an event is told anew', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const by = (actor: string) => ({ actor, recordedAt: midnight(21) })
  const both = async (change: object) => {
    t.match(await applyRegistryChange(mdm, change, by(clerk)), { value: 'waits' })
    t.match(await applyRegistryChange(mdm, change, by(second)), { value: 'applied' })
  }
  const at = '2026-07-11T00:00:00+08:00'
  const relation = { kind: 'deducted', parent: 'point-1' }
  await applyRegistryChange(
    mdm,
    { kind: 'relation', usagePoint: 'point-2', at, relation, document: 'sheet' },
    by(clerk),
  )
  const withdrawal: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'relation', usagePoint: 'point-2', at },
    instead: null,
    reason: 'other house',
    document: 'memo',
  }
  await both(withdrawal)
  t.same(await mdm.query(`select from relation_as_of('infinity', $1)`, [at]), [])
  t.match(await mdm.query('select from relation_as_of($1, $2)', ['2026-07-21T00:00:00+08:00', at]), [])
  t.same((await exportRegistry(mdm, { knownAt: null, at: null })).relations, [], 'an export has none either')
  const again = { kind: 'relation', usagePoint: 'point-2', at, relation, document: 'sheet 2' }
  t.match(await applyRegistryChange(mdm, again, by(clerk)), { value: 'applied' })

  const broken = {
    kind: 'field_event',
    meter: 'meter-2',
    at,
    event: 'seal_broken_found',
    person: 'crew-1',
    sealsFound: ['S-12'],
    document: 'order 1',
  }
  await applyRegistryChange(mdm, broken, by(clerk))
  const found = () => redoAfterCorrection(mdm, eventGone, { actor: clerk, now: midnight(22) })
  const eventGone: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'field_event', meter: 'meter-2', event: 'seal_broken_found', at },
    instead: null,
    reason: 'other meter',
    document: 'memo',
  }
  t.match(await found(), { opened: 1 })
  await both(eventGone)
  t.match(await redoAfterCorrection(mdm, eventGone, { actor: clerk, now: midnight(22) + dayMs }), { closed: 1 })
  t.match(await applyRegistryChange(mdm, { ...broken, sealsFound: ['S-21'] }, by(clerk)), { value: 'applied' })
  await t.rejects(
    mdm.execute(
      `insert into field_event_withdrawal
       select meter_id, occurred_at, event, revision, (select correction_id from registry_correction where kind = 'field_event'), now()
         from field_event where revision = 2`,
    ),
    /does not say what field_event_withdrawal is to hold/,
    'the approval was about the event that was told first',
  )
})

t.test('where the registers of a withdrawn note are due all the same, the queue asks for them', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const at = '2026-07-16T00:00:00+08:00'
  await storeDue(database, [{ meterId: 1n, readAt: midnight(16) }])
  await applyRegistryChange(mdm, { ...exchange(), at }, { actor: clerk, recordedAt: told })
  const withdrawal: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'meter_exchange', usagePoint: 'point-1', at },
    instead: null,
    reason: 'nobody was there',
    document: 'memo',
  }
  for (const actor of [clerk, second]) await applyRegistryChange(mdm, withdrawal, { actor, recordedAt: midnight(21) })
  await redoAfterCorrection(mdm, withdrawal, { actor: second, now: midnight(22) })
  t.match(await findOpenExceptions(mdm, midnight(22)), [
    { kind: 'held_reading', meterCode: 'meter-1', readAt: midnight(16), rules: ['withdrawn'] },
  ])
})
