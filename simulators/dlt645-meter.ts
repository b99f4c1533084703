import { unreachable } from '../domain/result.js'
import { addDays, beijing, type Instant, type LocalDate, secondMs } from '../domain/time.js'
import { encodeItem, findItem, type ItemReference } from '../protocols/dlt645/data-items.js'
import { weekdayOf } from '../protocols/dlt645/time-formats.js'
import { encodeDataReply, encodeRefusal, type ReadRequest } from '../protocols/dlt645/messages-2007.js'
import type { RegisterSource } from './register-source.js'

/** A DL/T 645-2007 meter as plain values: what it answers follows from these and the moment it is asked. */
export interface Dlt645Meter {
  /** 12 digits, high digit first. */
  readonly address: string
  readonly source: RegisterSource
  /** First moment at which the meter has supply; it keeps no freeze from before. */
  readonly energisedFrom: Instant
  /** Midnights, named by the day that they open, at which the meter had no supply and took no freeze. */
  readonly missedFreezes: ReadonlySet<LocalDate>
  /** Daily freezes that the meter remembers. */
  readonly freezeDepth: number
}

export const usualFreezeDepth = 62

/** Wake-up bytes that the simulated meters send before a reply. */
const wakeUpBytes = 4
/** A stamp, and a total with four tariffs. */
const absentFreeze = {
  daily_freeze_stamp: Buffer.alloc(5, 0xff),
  daily_freeze_forward_active: Buffer.alloc(20, 0xff),
} as const
type FreezeItem = keyof typeof absentFreeze

/** Bytes of the meter's answer to a read, wake-up bytes included; an item it does not keep is refused as `no_such_data`. */
export function answerRead(meter: Dlt645Meter, request: ReadRequest, now: Instant): Buffer {
  const item = findItem(request.dataIdentifier)
  const payload = item === null ? null : payloadOf(meter, item, now)
  if (payload === null) return encodeRefusal(meter.address, ['no_such_data'], { wakeUpBytes })
  return encodeDataReply(meter.address, request.dataIdentifier, payload, { wakeUpBytes })
}

function payloadOf(meter: Dlt645Meter, { name, index }: ItemReference, now: Instant): Buffer | null {
  const today = beijing.dateAt(now)
  switch (name) {
    case 'forward_active_block':
    case 'forward_active_total':
      return encodeItem(name, meter.source.registersAt(now))
    case 'daily_freeze_stamp':
    case 'daily_freeze_forward_active':
      return index > meter.freezeDepth ? null : freezeOf(meter, name, addDays(today, 1 - index))
    case 'date_and_weekday':
      return encodeItem(name, { date: today, weekday: weekdayOf(today) })
    case 'time_of_day':
      return encodeItem(name, Math.floor((now - beijing.startOfDay(today)) / secondMs))
    case 'status_word_3':
      return encodeItem(name, 0)
    default:
      return unreachable(name)
  }
}

/** The freeze of the midnight that opened a day. A midnight without supply leaves fields of FFH. */
function freezeOf(meter: Dlt645Meter, name: FreezeItem, day: LocalDate): Buffer {
  const midnight = beijing.startOfDay(day)
  if (meter.missedFreezes.has(day) || midnight < meter.energisedFrom) return absentFreeze[name]
  return name === 'daily_freeze_stamp'
    ? encodeItem(name, midnight)
    : encodeItem(name, meter.source.registersAt(midnight))
}
