import { unreachable } from '../../../domain/result.js'
import { selectDriftBase } from '../../../storage/headend/clock-checks.js'
import { selectKnownEvents } from '../../../storage/headend/events.js'
import type { Line } from '../../line-settings.js'
import { type EventKind, lastingEventKinds } from '../../reading-sets/event-kinds.js'
import { readClock } from '../../reading-sets/read-clock.js'
import { readEvents } from '../../reading-sets/read-events.js'
import { readRelayStatus } from '../../reading-sets/read-relay-status.js'
import { isLost, readTouTables } from '../../reading-sets/read-tou-tables.js'
import { broughtBy, isKept } from './brought-by.js'
import { curveJobs } from './curve-jobs.js'
import { freezeJobs } from './freeze-jobs.js'
import { lookJobs } from './look-jobs.js'
import { monthlyJobs } from './monthly-jobs.js'
import type { SetJob, SetJobsOptions } from './set-job.js'

/** What a window still wants of the meters of its line, in the order of trying. */
export function setJobs(options: SetJobsOptions): Promise<readonly SetJob[]> {
  const { template } = options
  switch (template.reads) {
    case 'daily_freeze':
      return freezeJobs(options, template.quantities ?? [])
    case 'monthly_set':
      return monthlyJobs(options)
    case 'curve':
      return curveJobs(options, template.curve)
    case 'events':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'events' },
        read: async (line) => {
          const { database, clock } = options
          const rows = await selectKnownEvents(database, meter.meterId, lastingEventKinds)
          const known = new Map(
            rows.map(({ kind, counted, is_open }) => [kind as EventKind, { counted, isOpen: is_open }] as const),
          )
          const read = await readEvents(line, clock, meter, { known })
          // A meter that does not keep a kind of event has said so, and nothing is missing.
          return { ...broughtBy(read, isKept), counts: read.counts }
        },
      }))
    case 'clock':
      return lookJobs(options, 'any', ({ meter }) => ({
        planned: { set: 'clock', edition: meter.edition },
        read: async (line) => {
          const { database, clock, plan } = options
          const base = await selectDriftBase(database, meter.meterId, clock.now())
          const previous =
            base === null
              ? null
              : { at: base.checked_at, offsetMs: Number(base.offset_ms), uncertaintyMs: Number(base.uncertainty_ms) }
          return broughtBy(
            await readClock(line, clock, meter, { limits: plan.clock, baud: baudOf(options.line), previous }),
          )
        },
      }))
    case 'relay_status':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'relay_status' },
        read: async (line) => broughtBy(await readRelayStatus(line, meter), isKept),
      }))
    case 'tou_tables':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'tou_tables' },
        // What the meter says that it does not have is a state of its tables, not a gap.
        read: async (line) => broughtBy(await readTouTables(line, meter), isLost),
      }))
    default:
      return Promise.resolve(unreachable(template))
  }
}

/** Null where bytes reach the meters through a concentrator. */
function baudOf({ settings }: Line): number | null {
  return 'baud' in settings ? settings.baud : null
}
