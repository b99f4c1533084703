import { companyWideLimitMs } from '../../headend/database-limits.js'
import { layLateDueReads } from '../../storage/headend/due-reads.js'
import { readTimeZones } from '../../storage/registry/tables.js'
import { createRealClock } from '../runtime/real-clock.js'
import type { Io } from '../cli/io.js'
import { withDatabase } from '../cli/session.js'

/** Due points that a change of master data makes for midnights gone by. Due points are the head-end's, so it is done with its rights. */
export function layLatePoints(io: Io): Promise<number> {
  return withDatabase(io, 'headend', async (headend) => {
    const patient = headend.withStatementLimit(companyWideLimitMs)
    let laid = 0
    for (const timeZone of await readTimeZones(headend))
      laid += await layLateDueReads(patient, { timeZone, recordedAt: createRealClock().now() })
    return laid
  })
}
