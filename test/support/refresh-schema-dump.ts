// Writes docs/schema.sql from a new database: node scripts/build.mjs && node build/test/support/refresh-schema-dump.js
import { rmSync, writeFileSync } from 'node:fs'
import { openDatabase } from '../../storage/database.js'
import { openLocalDatabase } from '../../storage/local-database/open.js'
import { migrate } from '../../storage/migrate.js'
import { describeSchema } from '../../storage/schema-dump.js'
import { makeFolder, wantedBinaries } from './cluster.js'
import { schemaDumpPath } from './schema-dump-path.js'
import { createStillClock } from './still-clock.js'

const folder = makeFolder()
const local = await openLocalDatabase({ folder, binaries: wantedBinaries() })
await migrate(local.ownerUrl, { logins: local.passwords })
const database = openDatabase({ url: local.ownerUrl, clock: createStillClock(0) })
writeFileSync(schemaDumpPath, await describeSchema(database))
await database.close()
await local.close()
rmSync(folder, { recursive: true, force: true })
