import { type Instant, minuteMs } from '../../domain/time.js'
import { encodeLoadRecord, loadClasses } from '../../protocols/dlt645/load-records.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { minuteStampField } from '../../protocols/dlt645/time-fields.js'
import { fitted, groupBytes } from './field-bytes.js'
import { type MeterView, momentAt } from './moments.js'

/** How many load records are wanted, and from when by the meter's clock; null for the default of one, the latest. */
export interface RecordSelection {
  readonly count: number
  readonly from: Instant | null
}

const loadRecordMs = 15 * minuteMs
const mostRecordsInReply = 10

/** Records at quarters of an hour of the meter's clock: the earliest, from a time on, or the latest. Null where it has none. */
export function loadRecords(
  view: MeterView,
  selector: number,
  order: number,
  { count, from }: RecordSelection,
): Buffer | null {
  const { memory, description, now } = view
  const newest = Math.floor(memory.clock.shownAt(now) / loadRecordMs) * loadRecordMs
  const oldest = Math.ceil(memory.clock.shownAt(description.energisedFrom) / loadRecordMs) * loadRecordMs
  const wanted = Math.min(Math.max(count, 1), mostRecordsInReply)
  const first =
    order === 0
      ? oldest
      : order === 1 && from !== null
        ? Math.max(oldest, Math.ceil(from / loadRecordMs) * loadRecordMs)
        : newest - (wanted - 1) * loadRecordMs
  const times = Array.from({ length: wanted }, (_, index) => first + index * loadRecordMs).filter(
    (time) => time >= oldest && time <= newest,
  )
  if (times.length === 0) return null
  return Buffer.concat(times.map((shown) => loadRecord(view, selector, shown)))
}

function loadRecord(view: MeterView, selector: number, shown: Instant): Buffer {
  const at = view.memory.clock.trueInstantOf(shown)
  const moment = momentAt(view, at, at)
  const classes = loadClasses.map((fields, index) =>
    selector === 0 || selector === index + 1 ? groupBytes(fields, view, moment) : null,
  )
  const time = fitted(minuteStampField, meterTimeAt(shown).slice(0, 16))
  return encodeLoadRecord(time, classes)
}
