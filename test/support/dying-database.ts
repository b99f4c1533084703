import { type Database, openDatabase, type Transaction } from '../../storage/database.js'
import { createRealClock } from '../../console/runtime/real-clock.js'

/** A database in whose transactions the process dies with SIGKILL before the n-th statement; 0: at the end, when all is written and nothing is committed. */
export function openDyingDatabase(url: string, statements: number): Database {
  const database = openDatabase({ url, clock: createRealClock() })
  let left = statements
  const step = (): void => {
    left -= 1
    if (left === 0) die()
  }
  return {
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
        if (statements === 0) die()
        return result
      }, options),
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}
