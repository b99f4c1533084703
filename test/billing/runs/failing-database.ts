import type { Database, Queryable } from '../../../storage/database.js'

export class PlannedFailure extends Error {}

/** A database whose nth call fails: before a statement is sent, or after a transaction has committed and before its caller hears of it. */
export function failingDatabase(database: Database, failAt: number): Database {
  let calls = 0
  const step = (): void => {
    calls++
    if (calls === failAt) throw new PlannedFailure(`planned failure at call ${failAt}`)
  }
  const failingOne: Database = {
    ...failing(database, step),
    async transaction(act, options) {
      const result = await database.transaction((tx) => act({ ...failing(tx, step), inTransaction: true }), options)
      step()
      return result
    },
    withStatementLimit: () => failingOne,
    connections: database.connections,
    health: () => database.health(),
    close: () => database.close(),
  }
  return failingOne
}

function failing(target: Queryable, step: () => void): Queryable {
  return {
    async query(sql, parameters) {
      step()
      return target.query(sql, parameters)
    },
    async execute(sql, parameters) {
      step()
      return target.execute(sql, parameters)
    },
    async copyIn(sql, chunks) {
      step()
      return target.copyIn(sql, chunks)
    },
    async copyOut(sql, take) {
      step()
      return target.copyOut(sql, take)
    },
  }
}
