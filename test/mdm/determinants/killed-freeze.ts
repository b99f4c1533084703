// Freezes July and dies with SIGKILL before the n-th statement; 0: at the end, when all is written and nothing is committed.
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { type Database, openDatabase, type Transaction } from '../../../storage/database.js'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { midnight } from '../support/small-utility.js'

const [url = '', statements = '0', now = '0'] = process.argv.slice(2)
const database = openDatabase({ url, clock: createRealClock() })
let left = Number(statements)

function step(): void {
  left -= 1
  if (left === 0) die()
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

const dying: Database = {
  ...database,
  transaction: (act, options) =>
    database.transaction(async (tx) => {
      const counted: Transaction = {
        ...tx,
        query: (sql, parameters) => {
          step()
          return tx.query(sql, parameters)
        },
        execute: (sql, parameters) => {
          step()
          return tx.execute(sql, parameters)
        },
      }
      const result = await act(counted)
      if (Number(statements) === 0) die()
      return result
    }, options),
}
const period = { periodStart: midnight(1), periodEnd: midnight(32) }
await freezeDeterminants(dying, { organisation: 'county', ...period, now: Number(now) })
await database.close()
