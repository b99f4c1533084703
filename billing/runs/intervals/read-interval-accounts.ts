import { dayMs } from '../../../domain/time.js'
import { type DayLinks, readDayLinks, toDayLinks } from '../../../storage/billing/interval-day-links.js'
import { readIntervalDays } from '../../../storage/billing/interval-days.js'
import type { AccountSpan, Room } from '../../../storage/billing/read-bytes.js'
import type { Transaction } from '../../../storage/database.js'
import type { IntervalAccounts } from '../../engine/intervals/rate-interval-shard.js'

/** Accounts of a set with the interval days that they name. `room`: memory for the days. */
export async function readIntervalAccounts(
  tx: Transaction,
  setId: bigint,
  span: AccountSpan,
  room: Room,
): Promise<IntervalAccounts> {
  const links = toDayLinks(await readDayLinks(tx, setId, span))
  return { links, days: await readIntervalDays(tx, metersOf(links), { ...daysOf(links), room }) }
}

function metersOf({ meter }: DayLinks): readonly number[] {
  return [...new Set(meter)]
}

/** From when to when there are days, and how many. */
function daysOf({ from, to }: DayLinks): { readonly from: number; readonly to: number; readonly expected: number } {
  let [first, last, ms] = [from[0] ?? 0, to[0] ?? 0, 0]
  for (let link = 0; link < from.length; link++) {
    const [start, end] = [from[link] ?? 0, to[link] ?? 0]
    first = Math.min(first, start)
    last = Math.max(last, end)
    ms += end - start
  }
  return { from: first, to: last, expected: Math.ceil(ms / dayMs) }
}
