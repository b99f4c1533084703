import type { Queryable } from '../database.js'

/** Codes by which open exceptions can be looked for. */
export interface QueueNames {
  readonly kinds: readonly string[]
  readonly rules: readonly string[]
  readonly areas: readonly string[]
  /** Crews, and managers of grid cells. */
  readonly owners: readonly string[]
}

export async function knownNames(client: Queryable): Promise<QueueNames> {
  const [row] = await client.query<QueueNames>(
    `select array(select distinct kind from exception order by 1) as kinds,
            array(select distinct r.rule from exception_now n cross join unnest(n.rules) r (rule) where n.event = 'opened' order by 1) as rules,
            array(select code from transformer_area order by 1) as areas,
            array(select code from crew union select manager from grid_cell where manager is not null order by 1) as owners`,
  )
  return row ?? { kinds: [], rules: [], areas: [], owners: [] }
}
