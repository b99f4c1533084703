import t from 'tap'
import { dayMs, hourMs } from '../../../domain/time.js'
import { loadUplinks } from '../../../headend/concentrators/load-uplinks.js'
import { pushTables } from '../../../headend/concentrators/push-tables.js'
import { insertTableReport } from '../../../storage/headend/concentrator-tables.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, firstMidnight, plantRegistry } from '../../support/field-world.js'
import { createStillClock } from '../../support/still-clock.js'

const now = firstMidnight

t.test('a push is opened with its approval or not at all, and a refused one holds up no other', async (t) => {
  const databases = await withDatabase(t)
  const [owner, headend] = [databases.as('owner'), databases.as('headend')]
  const settings = { brokerUrl: 'mqtt://broker' }
  const lines = ['c1', 'c2'].map((code, index) => ({ code, kind: 'mqtt_concentrator', index }) as const)
  await plantRegistry(
    owner,
    lines.map(({ code, kind, index }) => ({ lineId: index + 1, code, kind, settings, meters: [11 + index] })),
  )
  const when = toTimestamptz(now - hourMs)
  for (const { index } of lines) {
    const [lineId, old, fresh] = [index + 1, 11 + index, 21 + index]
    const meters = [{ terminalPoint: 1, address: addressOf(old) }]
    const report = { lineId: BigInt(lineId), reportedAt: now - dayMs, version: 1, basis: 'report', meters } as const
    await insertTableReport(owner, report, now - dayMs)
    await owner.execute(`insert into meter values ($1, $2, 'dlt645_2007', $3, 'dlt645', 6, 2)`, [
      fresh,
      `meter-${fresh}`,
      addressOf(fresh),
    ])
    await owner.execute(
      `insert into installation_timeline values ($2, 2, '2026-06-01', $1, $2, $4, $1, 'system', 'exchange'),
                                                ($2, 2, $1, null, $3, $4, $1, 'system', 'exchange')`,
      [when, old, fresh, lineId],
    )
    await owner.execute(`insert into meter_exchange values ($2, $1, $2, $3, 'note', $1, 'system')`, [when, old, fresh])
  }
  const { uplinks } = await loadUplinks(headend)
  const runtime = { database: headend, clock: createStillClock(now), send: async () => true }
  const opened = () => owner.query('select line_id from concentrator_table_push order by line_id')

  // The policy of a plan that the database does not know to be in force.
  const refusals = await pushTables({ ...runtime, policy: { exchangesApprovedBy: 'standing_policy' } }, uplinks)
  t.match(refusals, [/^c1: .*approval of another person/, /^c2: .*approval of another person/])
  t.same(await opened(), [], 'none is left open that nobody would ever approve')
  t.same(await pushTables({ ...runtime, policy: { exchangesApprovedBy: 'person' } }, uplinks), [])
  t.same(await opened(), [{ line_id: 1n }, { line_id: 2n }])
})
