import t from 'tap'
import { encodeTextCopy } from '../../storage/copy-text.js'
import { withDatabase } from '../support/database.js'

t.test('what is copied as text comes back as it was, whatever stands in it', async (t) => {
  const database = await withDatabase(t)
  const recordedAt = Date.parse('2026-07-01T00:00:00.123+08:00')
  const rows = [
    { name: 'tab\t, line\n, end\r, \\N, \\. and 张三', id: 9007199254740993n, is: true, settings: { a: 'x\\y\n' } },
    { name: '', id: -1n, is: false, settings: null },
    { name: '\\N', id: 0n, is: null, settings: ['"'] },
  ].map((row) => ({ ...row, recorded_at: recordedAt }))
  const back = await database.as('owner').transaction(async (tx) => {
    await tx.query(
      'create temporary table copied (name text, id bigint, "is" boolean, settings jsonb, recorded_at timestamptz)',
    )
    const sql = 'copy copied (name, id, "is", settings, recorded_at) from stdin'
    await tx.copyIn(sql, encodeTextCopy(['name', 'id', 'is', 'settings', 'recorded_at'], rows))
    return tx.query('select * from copied')
  })
  t.same(back, rows)
})
