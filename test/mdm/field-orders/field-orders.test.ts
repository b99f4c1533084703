import t from 'tap'
import { fieldOrderId, openFieldOrders } from '../../../mdm/field-orders/open-field-orders.js'
import { recordFieldResult } from '../../../mdm/field-orders/record-field-result.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility, midnight, registers, store, storeDue, storeFailure } from '../support/small-utility.js'

const hour = 3_600_000

t.test('a visit is ordered when two windows failed for a cause that a visit can remedy', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const readAt = midnight(30)
  await storeDue(
    database,
    [1n, 2n, 3n].map((meterId) => ({ meterId, readAt })),
  )
  const failure = { readAt, attempt: 1, failedAt: readAt + hour }
  for (const [meterId, cause] of [
    [1n, 'no_reply'],
    [2n, 'line_down'],
    [3n, 'no_freeze'],
  ] as const) {
    await storeFailure(database, { ...failure, meterId, cause })
    await storeFailure(database, { ...failure, meterId, cause, attempt: 2, failedAt: readAt + 2 * hour })
  }
  t.same(await openFieldOrders(mdm, { now: midnight(30) + 9 * hour }), { opened: [] })
  for (const [meterId, cause] of [
    [1n, 'no_reply'],
    [2n, 'line_down'],
    [3n, 'no_freeze'],
  ] as const)
    await storeFailure(database, { ...failure, meterId, cause, attempt: 3, failedAt: midnight(31) + hour })
  const { opened } = await openFieldOrders(mdm, { now: midnight(31) + 9 * hour })
  t.match(opened, [{ meterId: 1n, readAt, cause: 'no_reply', fieldOrderId: fieldOrderId('meter-1', readAt) }])
  t.same(await openFieldOrders(mdm, { now: midnight(31) + 9 * hour }), { opened: [] })
})

t.test('what the crew reads is a claim with its evidence, decided like any other', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await store(database, [{ meterId: 1n, readAt: midnight(29), registers: registers(1000_00) }])
  await runValidation(mdm, { from: midnight(29), to: midnight(30), now: midnight(29) + hour })
  await storeDue(database, [{ meterId: 1n, readAt: midnight(30) }])
  for (const attempt of [1, 2])
    await storeFailure(database, {
      meterId: 1n,
      readAt: midnight(30),
      attempt,
      cause: 'no_reply',
      failedAt: midnight(29 + attempt) + hour,
    })
  await openFieldOrders(mdm, { now: midnight(31) + 9 * hour })
  const result = {
    fieldOrderId: fieldOrderId('meter-1', midnight(30)),
    result: { outcome: 'read', registers: { total: '1012.50', tou2: '607.50', tou4: '405' } },
    evidence: 'photo 17',
    actor: 'crew-1',
    recordedAt: midnight(32),
  } as const
  t.match(await recordFieldResult(mdm, { ...result, evidence: ' ' }), { ok: false, error: { kind: 'no_evidence' } })
  t.match(await recordFieldResult(mdm, result), {
    ok: true,
    value: { outcome: 'recorded', validation: { accepted: 1 } },
  })
  t.match(await recordFieldResult(mdm, result), { ok: true, value: { outcome: 'exists', validation: { accepted: 0 } } })
  const other = { ...result, result: { outcome: 'read', registers: { total: '1013' } } } as const
  t.match(await recordFieldResult(mdm, other), { ok: false, error: { kind: 'exists_with_different_result' } })
  t.match(
    await mdm.query('select total_e4, source, verdict from validated_reading where read_at > $1', [
      new Date(midnight(29)).toISOString(),
    ]),
    [{ total_e4: 1012_5000n, source: 5, verdict: 'accepted' }],
  )
  t.match(await mdm.query('select actor_id, document, recorded_at from manual_reading'), [
    { actor_id: 'crew-1', document: 'photo 17', recorded_at: midnight(32) },
  ])
  const unknown = { ...result, fieldOrderId: fieldOrderId('meter-9', midnight(30)) }
  t.match(await recordFieldResult(mdm, unknown), { ok: false, error: { kind: 'unknown_field_order' } })
})
