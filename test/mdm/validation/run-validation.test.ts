import t from 'tap'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { builtInDocument, defaultValidationPolicy } from '../../../mdm/validation/built-in-policy.js'
import { policyDigest } from '../../../mdm/policies/policy-kind.js'
import { validationPolicyKind } from '../../../mdm/validation/policy-kind.js'
import { approvePolicy, submitPolicy } from '../../../storage/policies/sign-policy.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import type { Database } from '../../../storage/database.js'
import { createStillClock } from '../../support/still-clock.js'
import { plantApprovers } from '../../support/people.js'
import { type TestDatabase, testNow, withDatabase } from '../../support/database.js'
import { arrangeQueue, clerk } from '../support/queue-scene.js'
import {
  type FieldReading,
  importSmallUtility,
  midnight,
  registers,
  store,
  storeDue,
} from '../support/small-utility.js'

const hour = 3_600_000

function state(database: Database) {
  return database.query(
    'select meter_id, read_at, verdict, total_e4, source, rules, reason from validated_reading order by meter_id, read_at',
  )
}

t.test('decides what is new once, and says what is missing', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const range = { from: midnight(1), to: midnight(2), now: midnight(1) + 8 * hour }
  await storeDue(
    database,
    [1n, 2n, 3n].map((meterId) => ({ meterId, readAt: midnight(1) })),
  )
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 2n, readAt: midnight(1) + 180_000, registers: registers(500_00), source: 4 },
  ])
  t.same(await runValidation(mdm, range), { accepted: 2, held: [], missing: [{ meterId: 3n, readAt: midnight(1) }] })
  t.match(await runValidation(mdm, range), { accepted: 0, held: [] })
  t.equal((await mdm.query('select from validation_decision')).length, 2)
})

t.test('a further claim makes an accepted key held, whatever came first', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const range = { from: midnight(1), to: midnight(2) }
  await store(database, [{ meterId: 1n, readAt: midnight(1), registers: registers(1000_00) }])
  await runValidation(mdm, { ...range, now: midnight(1) + hour })
  const claim = {
    meterId: 1n,
    readAt: midnight(1),
    registers: registers(1000_01),
    claim: true,
    recordedAt: midnight(1) + 2 * hour,
  }
  await store(database, [claim])
  const report = await runValidation(mdm, { ...range, now: midnight(1) + 3 * hour })
  t.match(report.held, [{ meterId: 1n, rules: ['disputed'] }])
  t.match(await mdm.query('select revision, verdict from validation_decision order by revision'), [
    { revision: 1, verdict: 'accepted' },
    { revision: 2, verdict: 'held' },
  ])
})

t.test('the order of arrival changes no decision', async (t) => {
  const readings: readonly FieldReading[] = [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(2), registers: registers(1012_00) },
    { meterId: 1n, readAt: midnight(3), registers: registers(1010_00) },
    { meterId: 1n, readAt: midnight(4), registers: registers(1036_00) },
    { meterId: 1n, readAt: midnight(4), registers: registers(1037_00), claim: true },
    { meterId: 1n, readAt: midnight(5), registers: registers(99_000_00) },
    { meterId: 1n, readAt: midnight(6), registers: registers(1060_00) },
    { meterId: 2n, readAt: midnight(1), registers: registers(999_999_98) },
    { meterId: 2n, readAt: midnight(2), registers: { totalE4: 300n, touE4: [null, null, null, null] } },
  ]
  const orders = [readings, readings.toReversed(), [...readings.slice(5), ...readings.slice(0, 5)]]
  const states: unknown[] = []
  for (const order of orders) {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    const mdm = database.as('mdm')
    for (const [index, reading] of order.entries()) {
      const now = midnight(10) + index * hour
      await store(database, [{ ...reading, recordedAt: now }])
      await runValidation(mdm, { from: midnight(1), to: midnight(8), now })
    }
    states.push(await state(mdm))
  }
  t.same(states[1], states[0])
  t.same(states[2], states[0])
  t.match(states[0], [
    { meter_id: 1n, verdict: 'accepted' },
    { meter_id: 1n, verdict: 'accepted' },
    { meter_id: 1n, verdict: 'held', rules: ['decrease'] },
    { meter_id: 1n, verdict: 'held', rules: ['disputed'] },
    { meter_id: 1n, verdict: 'held', rules: ['spike'] },
    { meter_id: 1n, verdict: 'accepted' },
    { meter_id: 2n, verdict: 'accepted' },
    { meter_id: 2n, verdict: 'accepted', total_e4: 300n },
  ])
})

/** A person accepts what is held, through the exception queue as in life. */
async function acceptHeld(database: TestDatabase, now: number): Promise<void> {
  const mdm = database.as('mdm')
  await openExceptions(mdm, { actor: 'system', now })
  const input = {
    filter: {},
    action: 'accept',
    reason: 'seen on site',
    evidence: 'photo 7',
    actor: clerk,
    now,
  } as const
  const decided = await decideExceptions(database.as('console'), input)
  if (!decided.ok) throw new Error(JSON.stringify(decided.error))
  await applyDecisions(mdm, { now })
}

t.test('a decision of a person stands until a claim comes that it has not seen', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const range = { from: midnight(1), to: midnight(4) }
  for (const [day, total] of [
    [1, 1000_00],
    [2, 900_00],
    [3, 1012_00],
  ] as const)
    await store(database, [
      { meterId: 1n, readAt: midnight(day), registers: registers(total), recordedAt: midnight(day) },
    ])
  await runValidation(mdm, { ...range, now: midnight(3) + hour })
  await acceptHeld(database, midnight(3) + 2 * hour)
  const again = { actor: 'manager-1', reason: 'the registry was put right' }
  await runValidation(mdm, { ...range, now: midnight(3) + 3 * hour, again })
  t.match(await state(mdm), [
    { read_at: midnight(1), verdict: 'accepted' },
    { read_at: midnight(2), verdict: 'accepted', total_e4: 900_0000n, reason: 'seen on site' },
    { read_at: midnight(3), verdict: 'accepted' },
  ])
  t.match(await mdm.query('select actor_id, reason from revalidation'), [
    { actor_id: 'manager-1', reason: again.reason },
  ])
  const late = { meterId: 1n, readAt: midnight(2), registers: registers(950_00), claim: true, recordedAt: midnight(4) }
  await store(database, [late])
  await runValidation(mdm, { ...range, now: midnight(4) + hour })
  t.match((await state(mdm))[1], { verdict: 'held', rules: ['disputed', 'decrease'] })
})

t.test('judging again writes what changed and nothing else', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const range = { from: midnight(1), to: midnight(3) }
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(2), registers: registers(1012_00) },
  ])
  await runValidation(mdm, { ...range, now: midnight(3) })
  const again = { actor: 'manager-1', reason: 'another limit' }
  t.match(await runValidation(mdm, { ...range, now: midnight(3) + hour, again }), { accepted: 0, held: [] })
  const { residential } = defaultValidationPolicy.classes
  const limits = { ...residential.limits, defaultPhysicalLimitE4PerHour: 1000n }
  const classes = { ...defaultValidationPolicy.classes, residential: { ...residential, limits } }
  const policy = { ...defaultValidationPolicy, version: '1', classes }
  t.match(await runValidation(mdm, { ...range, now: midnight(3) + 2 * hour, again, policy }), {
    accepted: 0,
    held: [{ meterId: 1n, readAt: midnight(2), rules: ['spike'] }],
  })
  t.match(await mdm.query('select revision, policy_version from validation_decision order by read_at, revision'), [
    { revision: 1, policy_version: 'built-in/1' },
    { revision: 1, policy_version: 'built-in/1' },
    { revision: 2, policy_version: '1' },
  ])
})

t.test('a policy holds for readings from its day on, once another person has signed it', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const [mdm, console] = [database.as('mdm'), database.as('console')]
  await plantApprovers(database.as('owner'), ['crew-1', 'manager-1'])
  const clock = createStillClock(testNow)
  const document = { ...builtInDocument, physicalLimitKwhPerHour: { default: '0.1', models: {} } }
  const sha256 = policyDigest(validationPolicyKind, document)
  const submission = { document, sha256, author: 'manager-1', reason: 'a weak line', effectiveFrom: midnight(3) }
  t.same(await submitPolicy(console, clock, validationPolicyKind, submission), { kind: 'created', revision: 1 })
  t.same(await submitPolicy(console, clock, validationPolicyKind, submission), { kind: 'exists', revision: 1 })
  for (const day of [1, 2, 3])
    await store(database, [{ meterId: 1n, readAt: midnight(day), registers: registers(1000_00 + day * 12_00) }])
  const range = { from: midnight(1), to: midnight(4) }
  t.match(
    await runValidation(mdm, { ...range, now: midnight(3) + hour }),
    { accepted: 3, held: [] },
    'nobody has signed',
  )
  await t.rejects(approvePolicy(console, clock, validationPolicyKind, { revision: 1, approver: 'manager-1' }), {
    message: /manager-1/,
  })
  t.equal(await approvePolicy(console, clock, validationPolicyKind, { revision: 1, approver: 'crew-1' }), true)
  t.equal(await approvePolicy(console, clock, validationPolicyKind, { revision: 1, approver: 'crew-1' }), false)
  const again = { actor: 'manager-1', reason: 'a new policy' }
  t.match(await runValidation(mdm, { ...range, now: midnight(3) + 2 * hour, again }), {
    accepted: 0,
    held: [{ readAt: midnight(3), rules: ['spike'] }],
  })
})

t.test('a run that is broken off between two shards goes on where it was', async (t) => {
  const states: unknown[] = []
  for (const breaks of [false, true]) {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    await database.as('owner').execute(`insert into transformer_area values (2, 1, 'area-2', 'a')`)
    await database.as('owner').execute('update usage_point set transformer_area_id = 2 where usage_point_id = 3')
    const mdm = database.as('mdm')
    for (const meterId of [1n, 3n])
      await store(database, [
        { meterId, readAt: midnight(1), registers: registers(1000_00) },
        { meterId, readAt: midnight(2), registers: registers(990_00) },
      ])
    // So long ago that each area is a shard of its own.
    const input = { from: midnight(1), to: midnight(3), now: midnight(6000) }
    const shards: (readonly [number, number])[] = []
    const onShard = (done: number, all: number) => {
      shards.push([done, all])
      if (breaks && done === 1) throw new Error('killed')
    }
    const run = runValidation(mdm, { ...input, onShard })
    if (breaks) {
      await t.rejects(run, { message: 'killed' })
      t.equal((await state(mdm)).length, 2)
      await runValidation(mdm, { ...input, now: input.now + hour })
    } else {
      await run
      t.same(shards, [
        [1, 2],
        [2, 2],
      ])
    }
    states.push(await state(mdm))
  }
  t.same(states[1], states[0])
})

t.test('a claim that comes late is seen by the neighbours, too', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const range = { from: midnight(1), to: midnight(2) }
  const four = { totalE4: 1000_0000n, touE4: [100_0000n, 400_0000n, 200_0000n, 300_0000n] as const }
  await store(database, [{ meterId: 1n, readAt: midnight(1), registers: four }])
  t.match(await runValidation(mdm, { ...range, now: midnight(1) + hour }), { accepted: 1 })
  await store(database, [{ meterId: 2n, readAt: midnight(1), registers: four, recordedAt: midnight(1) + 2 * hour }])
  t.match(await runValidation(mdm, { ...range, now: midnight(1) + 3 * hour }), {
    accepted: 0,
    held: [{ meterId: 1n }, { meterId: 2n }],
  })

  const next = { from: midnight(2), to: midnight(3) }
  const higher = { totalE4: 1001_0000n, touE4: [100_0000n, 401_0000n, 200_0000n, 300_0000n] as const }
  await storeDue(database, [{ meterId: 2n, readAt: midnight(2) }])
  await store(database, [{ meterId: 1n, readAt: midnight(2), registers: higher }])
  t.match(await runValidation(mdm, { ...next, now: midnight(2) + hour }), { accepted: 1 })
  const live = { meterId: 2n, readAt: midnight(2) + 180_000, registers: higher, source: 4 }
  await store(database, [{ ...live, recordedAt: midnight(2) + 2 * hour }])
  t.match(
    await runValidation(mdm, { ...next, now: midnight(2) + 3 * hour }),
    { accepted: 0, held: [{ meterId: 1n }, { meterId: 2n }] },
    'a live read some minutes after their midnight as well',
  )
})
