import { type DayLinks, readDayLinks, toDayLinks } from '../../../storage/billing/interval-day-links.js'
import { readIntervalDays } from '../../../storage/billing/interval-days.js'
import type { AccountSpan } from '../../../storage/billing/read-bytes.js'
import type { Transaction } from '../../../storage/database.js'
import type { IntervalAccounts } from '../../engine/intervals/rate-interval-shard.js'

/** Accounts of a set with the interval days that they name. `room`: memory that may be taken for the days, given back by whoever had them. */
export async function readIntervalAccounts(
  tx: Transaction,
  setId: bigint,
  span: AccountSpan,
  room: ArrayBuffer | null,
): Promise<IntervalAccounts> {
  const links = toDayLinks(await readDayLinks(tx, setId, span))
  const { first, last } = daysOf(links)
  const expected = links.meter.length
  return { links, days: await readIntervalDays(tx, metersOf(links), { first, last, expected, room }) }
}

function metersOf({ meter }: DayLinks): readonly number[] {
  const meters = new Set<number>()
  for (let link = 0; link < meter.length; link++) if (meter[link] !== meter[link - 1]) meters.add(meter[link] ?? 0)
  return [...meters]
}

function daysOf({ dayStart }: DayLinks): { readonly first: number; readonly last: number } {
  let [first, last] = [dayStart[0] ?? 0, dayStart[0] ?? 0]
  for (let link = 1; link < dayStart.length; link++) {
    first = Math.min(first, dayStart[link] ?? first)
    last = Math.max(last, dayStart[link] ?? last)
  }
  return { first, last }
}
