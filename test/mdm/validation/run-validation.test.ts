import t from 'tap'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import type { Database } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
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
