// Freezes July and dies with SIGKILL before the n-th statement; 0: at the end, when all is written and nothing is committed.
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { openDyingDatabase } from '../../support/dying-database.js'
import { midnight } from '../support/small-utility.js'

const [url = '', statements = '0', now = '0'] = process.argv.slice(2)
const database = openDyingDatabase(url, Number(statements))
const period = { periodStart: midnight(1), periodEnd: midnight(32) }
await freezeDeterminants(database, { organisation: 'county', ...period, now: Number(now) })
await database.close()
