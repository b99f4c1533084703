import { present } from '../../domain/result.js'
import type { Queryable } from '../database.js'

/** The document of a revision that the product ships, as stored; whoever uses it parses it. */
export async function readShippedPolicy(client: Queryable, revision: number): Promise<unknown> {
  const [row] = await client.query<{ readonly document: unknown }>(
    'select document from exception_policy where revision = $1 and author is null',
    [revision],
  )
  return present(row, 'a shipped policy of the exception queue').document
}
