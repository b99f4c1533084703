import type { Queryable } from '../database.js'

/** Fewer characters of an id name too many decisions. */
const shortestId = 8

export interface NamedDecision {
  readonly decisionId: string
  readonly itemCount: number
  /** It was not named by its own id, but by an exception that it is about. */
  readonly byException: boolean
}

/**
 * The decisions that a word may mean: those whose id is it or begins with it, and those that wait for another person about the exception of
 * that code or key.
 */
export function findNamedDecisions(client: Queryable, word: string): Promise<readonly NamedDecision[]> {
  const isIdPart = word.length >= shortestId && /^[0-9a-f-]+$/.test(word)
  return client.query<NamedDecision>(
    `select d.decision_id as "decisionId", d.item_count as "itemCount", bool_and(n.by_exception) as "byException"
       from (select decision_id, false as by_exception from exception_decision where $2 and starts_with(decision_id::text, $1)
              union all
             select i.decision_id, true
               from exception x
               join exception_decision_item i using (exception_key)
               join exception_decision w using (decision_id)
              where (x.code = $1 or x.exception_key = $1)
                and not exists (select from exception_undo u where u.undoes = w.decision_id)
                and w.approvals_needed > (select count(*) from exception_decision_approval a where a.decision_id = w.decision_id)) n
       join exception_decision d using (decision_id)
      group by d.decision_id, d.item_count, d.recorded_at
      order by d.recorded_at, d.decision_id`,
    [word, isIdPart],
  )
}
