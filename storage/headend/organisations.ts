import type { Queryable } from '../database.js'

export interface OrganisationRow {
  readonly organisation_id: bigint
  readonly code: string
  readonly parent_id: bigint | null
  readonly level: string
}

/** The organisation tree, along which every figure rolls up. */
export function loadOrganisations(queryable: Queryable): Promise<readonly OrganisationRow[]> {
  return queryable.query('select organisation_id, code, parent_id, level from organisation order by organisation_id')
}
