// Refreshes docs/schemas/, docs/data-items.md and docs/tariffs.md after a change of a document's schema, of the catalogue of data items or of a price file: node build/test/docs/refresh-schemas.js
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generatedDataItems } from './data-items.js'
import { generatedSchemas } from './schemas.js'
import { generatedTariffInventory } from './tariff-inventory.js'

for (const { path, text } of [...generatedSchemas(), generatedDataItems(), generatedTariffInventory()]) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
