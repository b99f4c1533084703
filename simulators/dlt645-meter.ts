import { addDays, beijing, dayMs, type Instant, type LocalDate } from '../domain/time.js'
import { encodeItem, findItem, type ItemReference } from '../protocols/dlt645/data-items.js'
import { weekdayOf } from '../protocols/dlt645/item-formats.js'
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
const absentStamp = Buffer.alloc(5, 0xff)
/** Total and four tariffs. */
const absentRegisters = Buffer.alloc(20, 0xff)

/** Bytes of the meter's answer to a read, wake-up bytes included; an item it does not keep is refused as `no_such_data`. */
export function answerRead(meter: Dlt645Meter, request: ReadRequest, now: Instant): Buffer {
  const item = findItem(request.dataIdentifier)
  const payload = item === null ? null : payloadOf(meter, item, now)
  if (payload === null) return encodeRefusal(meter.address, ['no_such_data'], { wakeUpBytes })
  return encodeDataReply(meter.address, request.dataIdentifier, payload, { wakeUpBytes })
}

/** Freezes count backwards from the midnight that opened the running day. A midnight without supply leaves fields of FFH. */
function payloadOf(meter: Dlt645Meter, { name, index }: ItemReference, now: Instant): Buffer | null {
  switch (name) {
    case 'forward_active_block':
    case 'forward_active_total':
      return encodeItem(name, meter.source.registersAt(now))
    case 'daily_freeze_stamp':
    case 'daily_freeze_forward_active': {
      if (index > meter.freezeDepth) return null
      const day = addDays(beijing.dateAt(now), 1 - index)
      const midnight = beijing.startOfDay(day)
      const isAbsent = meter.missedFreezes.has(day) || midnight < meter.energisedFrom
      if (name === 'daily_freeze_stamp') return isAbsent ? absentStamp : encodeItem(name, midnight)
      return isAbsent ? absentRegisters : encodeItem(name, meter.source.registersAt(midnight))
    }
    case 'date_and_weekday': {
      const date = beijing.dateAt(now)
      return encodeItem(name, { date, weekday: weekdayOf(date) })
    }
    case 'time_of_day':
      return encodeItem(name, Math.floor(((now - beijing.startOfDay(beijing.dateAt(now))) % dayMs) / 1000))
    case 'status_word_3':
      return encodeItem(name, 0)
  }
}
