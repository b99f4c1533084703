import t from 'tap'
import { findUseBesidesDemo, recordDeployment } from '../../storage/deployment.js'
import { withDatabase } from '../support/database.js'

const traces = { node: 'demo', organisation: 'demo-county' }

t.test('a demo’s database is the demo’s alone until somebody else collects or asks in it', async (t) => {
  const owner = (await withDatabase(t)).as('owner')
  await recordDeployment(owner, { purpose: 'demo', seed: 1, createdAt: 0 })
  await owner.execute(
    `insert into organisation values (1, 'demo-county', null, 'o', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute(`insert into line values (1, 1, 'line-1', 'modbus_tcp', '{}')`)
  const lease = `insert into line_lease_event (line_id, fencing_token, owner, taken_at) values (1, $1, $2, now())`
  await owner.execute(lease, [1, 'demo'])
  t.equal(await findUseBesidesDemo(owner, traces), null)
  await owner.execute(lease, [2, 'n1#4711@1795668478836'])
  t.equal(await findUseBesidesDemo(owner, traces), 'line_lease_event')
  await owner.execute(`insert into organisation values (2, 'county-7', null, 'o', 'county', 'Asia/Shanghai', 'CNY', 2)`)
  t.equal(await findUseBesidesDemo(owner, { ...traces, node: 'n1#4711@1795668478836' }), 'line_lease_event')
})

t.test('another organisation than the demo’s shows that the database is somebody’s', async (t) => {
  const owner = (await withDatabase(t)).as('owner')
  t.equal(await findUseBesidesDemo(owner, traces), null)
  await owner.execute(`insert into organisation values (2, 'county-7', null, 'o', 'county', 'Asia/Shanghai', 'CNY', 2)`)
  t.equal(await findUseBesidesDemo(owner, traces), 'organisation')
})
