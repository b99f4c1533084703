import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { generatedSchemas } from './schemas.js'

t.test('docs/schemas holds what the program accepts (refresh: node build/test/docs/refresh-schemas.js)', async (t) => {
  for (const { path, text } of generatedSchemas()) t.equal(readFileSync(path, 'utf8'), text, basename(path))
})
