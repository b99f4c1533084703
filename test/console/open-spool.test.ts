import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openNodeSpool } from '../../console/headend/open-spool.js'

await t.test('each node has a file of its own, whatever its name, and finds there what it left', async (t) => {
  const place = { folder: join(t.testdir({}), 'deep', 'spool'), maxBytes: 1000 }
  const first = await openNodeSpool(place, '../节点 1')
  const second = await openNodeSpool(place, 'other')
  await first.spool.append(Buffer.from('kept'))
  t.equal(second.spool.records(), 0)
  await t.rejects(openNodeSpool(place, '../节点 1'), { code: 'bad_usage', message: /runs already as process \d+/ })
  await first.close()
  const again = await openNodeSpool(place, '../节点 1')
  t.equal(again.spool.records(), 1)
  await again.close()
  await second.close()
})

await t.test('a place that is no folder is named', async (t) => {
  const file = join(t.testdir({}), 'file')
  writeFileSync(file, '')
  await t.rejects(openNodeSpool({ folder: file, maxBytes: 1000 }, 'n'), { code: 'bad_config', message: /spoolFolder/ })
})
