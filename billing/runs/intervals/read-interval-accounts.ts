import { type DayLinks, readDayLinks, toDayLinks } from '../../../storage/billing/interval-day-links.js'
import { readIntervalDays } from '../../../storage/billing/interval-days.js'
import type { AccountSpan } from '../../../storage/billing/read-bytes.js'
import type { Transaction } from '../../../storage/database.js'
import type { IntervalAccounts } from '../../engine/intervals/rate-interval-shard.js'

/** Accounts of a set with the interval days that they name. */
export async function readIntervalAccounts(
  tx: Transaction,
  setId: bigint,
  span: AccountSpan,
): Promise<IntervalAccounts> {
  const links = toDayLinks(await readDayLinks(tx, setId, span))
  const meters = [...new Set(links.meter)]
  const { first, last } = daysOf(links)
  return { links, days: await readIntervalDays(tx, meters, { first, last, expected: links.meter.length }) }
}

function daysOf({ dayStart }: DayLinks): { readonly first: number; readonly last: number } {
  return dayStart.reduce(({ first, last }, day) => ({ first: Math.min(first, day), last: Math.max(last, day) }), {
    first: dayStart[0] ?? 0,
    last: dayStart[0] ?? 0,
  })
}
