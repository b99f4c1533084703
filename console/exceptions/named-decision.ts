import { UserError } from '../../domain/errors.js'
import type { Queryable } from '../../storage/database.js'
import { findNamedDecisions } from '../../storage/mdm/named-decisions.js'

/**
 * The one decision that a person means: by its id or the beginning of it, or by the code of the one exception that it is about.
 * @throws UserError `not_found`, or `bad_usage` where several are meant, or more exceptions than the one that was named.
 */
export async function namedDecision(client: Queryable, word: string): Promise<string> {
  const found = await findNamedDecisions(client, word.toLowerCase())
  const named = found.length > 0 ? found : await findNamedDecisions(client, word)
  const [only] = named
  if (only === undefined)
    throw new UserError(
      'not_found',
      `${word}: 无此决定，亦无此编号的待批异常 no such decision, and no exception of that code waits for approval`,
    )
  if (named.length > 1)
    throw new UserError(
      'bad_usage',
      `${word}: 可指 ${named.length} 个决定，请写全 may mean several decisions: ${named.map(({ decisionId }) => decisionId).join(', ')}`,
    )
  if (only.byException && only.itemCount > 1)
    throw new UserError(
      'bad_usage',
      `${word}: 该决定涉及 ${only.itemCount} 条异常，请用决定编号 the decision is about ${only.itemCount} exceptions; name it by its own id: ${only.decisionId}`,
    )
  return only.decisionId
}
