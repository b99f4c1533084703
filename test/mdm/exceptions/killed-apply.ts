// Applies approved decisions and dies with SIGKILL before the n-th statement; 0: at the end, when all is written and nothing is committed.
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { openDyingDatabase } from '../../support/dying-database.js'

const [url = '', statements = '0', now = '0'] = process.argv.slice(2)
const database = openDyingDatabase(url, Number(statements))
await applyDecisions(database, { now: Number(now) })
await database.close()
