import { readFileSync } from 'node:fs'
import t from 'tap'
import { describeSchema } from '../../storage/schema-dump.js'
import { withDatabase } from '../support/database.js'
import { schemaDumpPath } from '../support/schema-dump-path.js'

t.test('docs/schema.sql is the schema that the migrations make, on every tier', async (t) => {
  const actual = await describeSchema((await withDatabase(t)).as('owner'))
  const expected = readFileSync(schemaDumpPath, 'utf8')
  t.equal(actual, expected, 'refresh it: node scripts/build.mjs && node build/test/support/refresh-schema-dump.js')
})
