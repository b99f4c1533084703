import type { Queryable } from '../database.js'

export async function isCrew(queryable: Queryable, code: string): Promise<boolean> {
  return (await queryable.query('select from crew where code = $1', [code])).length > 0
}
