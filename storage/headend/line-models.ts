import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** How many meters of one model hang on a line. */
export interface ModelOnLine {
  readonly lineId: LineId
  readonly model: string
  readonly protocol: 'dlt645_2007' | 'modbus'
  readonly meters: number
}

/** The meters of all lines by model, as of now; in order of line and model. */
export function modelsOnLines(queryable: Queryable, now: Instant): Promise<readonly ModelOnLine[]> {
  return queryable.query<ModelOnLine>(
    `select i.line_id as "lineId", m.model, m.protocol, count(*)::integer as meters
       from installation_as_of($1, $1) i join meter m using (meter_id)
      group by i.line_id, m.model, m.protocol order by i.line_id, m.model, m.protocol`,
    [toTimestamptz(now)],
  )
}
