// Refreshes docs/schemas/ and docs/data-items.md after a change of a document's schema or of the catalogue of data items: node build/test/docs/refresh-schemas.js
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generatedDataItems } from './data-items.js'
import { generatedSchemas } from './schemas.js'

for (const { path, text } of [...generatedSchemas(), generatedDataItems()]) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
