// Refreshes docs/schemas/ after a change of a document's schema: node build/test/docs/refresh-schemas.js
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generatedSchemas } from './schemas.js'

for (const { path, text } of generatedSchemas()) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
