import type { MeterId } from '../../../domain/reading.js'
import { metersDone } from '../../../storage/headend/set-due-reads.js'
import type { AskedMeter } from './asked-meters.js'
import type { SetJob, SetJobsOptions } from './set-job.js'

export type Wanted = Pick<SetJob, 'planned' | 'read'>

export function toJob(
  { meter, quirks }: AskedMeter,
  point: Pick<SetJob, 'template' | 'readAt'>,
  wanted: Wanted,
): SetJob {
  const key = `${point.template} ${meter.meterId} ${point.readAt}`
  return { key, meterId: meter.meterId, quirks, address: meter.address, ...point, ...wanted }
}

/** Meters whose set of the point was read whole in this window. */
export function doneBefore(
  { database, line, meters, windowName }: SetJobsOptions,
  point: Pick<SetJob, 'template' | 'readAt'>,
): Promise<ReadonlySet<MeterId>> {
  const meterIds = meters.map(({ meterId }) => meterId)
  return metersDone(database, { meterIds, lineId: line.lineId, keyPrefix: windowName, ...point })
}
