import t from 'tap'
import { hourMs, minuteMs } from '../../domain/time.js'
import { defaultPlan } from '../../headend/plan/default-plan.js'
import type { CollectionPlan } from '../../headend/plan/plan-document.js'
import { touVerdict } from '../../mdm/tou-tables/tou-verdict.js'
import { seenTables } from '../../mdm/tou-tables/tou-verdicts.js'
import { differenceText } from '../../mdm/tou-tables/verdict-words.js'
import { insertReadRequest, readAnswers } from '../../storage/headend/read-requests.js'
import { hours } from '../mdm/tou-tables/tables.js'
import { count, openField, until } from '../headend/node/node-field.js'
import { withDatabase } from '../support/database.js'
import { firstMidnight } from '../support/field-world.js'

const plan: CollectionPlan = {
  ...defaultPlan,
  templates: [{ name: 'tables', reads: 'tou_tables' }],
  groups: [{ name: 'buses', kinds: ['dlt645_tcp'] }],
  schedules: [
    {
      name: 'tables',
      template: 'tables',
      group: 'buses',
      every: { unit: 'day' },
      window: { opensMinutes: 5, closesMinutes: 60, passesMinutes: [5] },
      catchUp: true,
    },
  ],
}

/** Ordinary hours; those of the heating season; a meter that keeps no second set. */
const parameters = { '04010001': ['000004', '080002', '200004'] }
const habitsOf = new Map([
  [2, { parameters }],
  [3, { unknownItems: ['0402....'] }],
])

await t.test('a plan reads the tables of every meter, and the one that counts other hours stands out', async (t) => {
  const database = await withDatabase(t)
  const field = await openField(t, database, {
    lines: 1,
    meters: 3,
    plan,
    meterOf: (ordinal) => ({ habits: habitsOf.get(ordinal) ?? {} }),
  })
  const node = field.startNode('only')

  // Given a window of the plan, when it is over
  await until('all read', async () => (await count(database, 'tou_reading')) === 3)

  // Then every meter's tables are there with the frames that prove them, equal tables once
  t.equal(await count(database, 'tou_tables'), 3)
  t.equal(await count(database, `frame where request is not null and response is not null`), 3)
  const now = field.clock.now() + minuteMs
  const seen = await seenTables(database.as('mdm'), [1n, 2n, 3n], now)
  const period = { from: now, to: firstMidnight + 24 * hourMs, versions: [hours()] }
  const verdicts = [1n, 2n, 3n].map((meterId) => touVerdict({ ...period, seen: seen.get(meterId) ?? [] }))
  t.same(
    verdicts.map(({ verdict }) => verdict),
    ['agrees', 'differs', 'agrees'],
  )
  t.equal(
    differenceText(verdicts[1]?.differences ?? []),
    'counts tou4 (valley) where the tariff says peak, 20:00-22:00 on 1 day from 2026-07-01',
  )
  t.match(seen.get(3n)?.[0]?.tables, { sets: [{ zones: [{}] }, { zones: null }] })

  // When somebody asks for one of them again
  const requestedAt = field.clock.now()
  const request = { requestId: 'again', meterId: 2n, lineId: 1n, items: ['tou_tables'], actor: 'lead', requestedAt }
  await insertReadRequest(database.as('console'), { ...request, deadline: requestedAt + minuteMs })
  await until('answered', async () => (await count(database, 'read_request_result')) === 1)

  // Then it was read from the meter and one line more is stored, without its frames
  const [answer] = await readAnswers(database.as('reader'), 'again')
  t.match(answer, { outcome: 'read', item: 'tou_tables', cause: null })
  t.equal(answer?.payload?.toString('hex'), seen.get(2n)?.[0]?.digest)
  t.equal(await count(database, 'tou_reading'), 4)
  t.equal(await count(database, 'tou_reading where line_sequence is null'), 1)
  t.equal(await count(database, 'tou_tables'), 3)
  t.equal(await node.stop(), 0)
})
