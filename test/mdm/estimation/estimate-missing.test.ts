import t from 'tap'
import { estimateMissing } from '../../../mdm/estimation/estimate-missing.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility, midnight, registers, store, storeDue } from '../support/small-utility.js'

const hour = 3_600_000

t.test('fills an inner gap after the deadline, never a billing boundary, and gives way to a real value', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const days = [1, 9, 10, 11, 20]
  await storeDue(
    database,
    days.map((day) => ({ meterId: 1n, readAt: midnight(day) })),
  )
  await store(database, [
    { meterId: 1n, readAt: midnight(0), registers: registers(900_00) },
    { meterId: 1n, readAt: midnight(9), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(11), registers: registers(1020_01) },
  ])
  await runValidation(mdm, { from: midnight(0), to: midnight(12), now: midnight(11) + hour })
  const range = { from: midnight(1), to: midnight(32) }
  t.match(await estimateMissing(mdm, { ...range, now: midnight(13) - 1 }), { estimated: [] })
  const now = midnight(23)
  t.same(await estimateMissing(mdm, { ...range, now }), {
    estimated: [{ meterId: 1n, readAt: midnight(10) }],
    notEstimable: [
      { meterId: 1n, readAt: midnight(1), reason: 'billing_boundary' },
      { meterId: 1n, readAt: midnight(20), reason: 'no_later_value' },
    ],
  })
  t.match(await estimateMissing(mdm, { ...range, now }), { estimated: [] })
  const decided = () =>
    mdm.query('select verdict, total_e4, source from validated_reading where read_at = $1', [
      new Date(midnight(10)).toISOString(),
    ])
  t.same(await decided(), [{ verdict: 'estimated', total_e4: 1010_0000n, source: null }])
  await store(database, [
    { meterId: 1n, readAt: midnight(10), registers: registers(1009_00), source: 2, recordedAt: now },
  ])
  await runValidation(mdm, { ...range, now: now + hour })
  t.same(await decided(), [{ verdict: 'accepted', total_e4: 1009_0000n, source: 2 }])
})
