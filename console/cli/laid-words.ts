import { addDays, beijing, type LocalDate, localMinute } from '../../domain/time.js'
import type { LaidDays } from '../../headend/accounting/laid-days.js'

/** How many of the days have due points, and why the others have none. */
export function laidText({ days, laid, notOver, beforeFirst }: LaidDays): string {
  return [
    `已建应抄 ${laid} / ${days} 天 ${laid} of ${days} days laid down`,
    ...(notOver > 0 ? [`未结束 not over ${notOver}`] : []),
    ...(beforeFirst > 0 ? [`首次采集之前 before the first window ${beforeFirst}`] : []),
  ].join(' · ')
}

/** Which days nobody laid down, and since when no node has run; null where none is missing. */
export function notLaidText({ notLaid, lastTakenUpAt }: LaidDays): string | null {
  if (notLaid.length === 0) return null
  const since =
    lastTakenUpAt === null
      ? '从未有采集节点运行 no node has ever run'
      : `采集节点最后一次排程 a node last took up windows ${localMinute(beijing, lastTakenUpAt)}`
  return `未建应抄点 not laid down: ${rangesText(notLaid)} · ${since} · 先运行 run first: shuangwu headend`
}

const mostRanges = 6

/** `2026-07-03 … 2026-07-05, 2026-07-09`, and how many more there are. */
function rangesText(dates: readonly LocalDate[]): string {
  const ranges: (readonly [LocalDate, LocalDate])[] = []
  for (const date of dates) {
    const last = ranges.at(-1)
    if (last !== undefined && addDays(last[1], 1) === date) ranges.splice(-1, 1, [last[0], date])
    else ranges.push([date, date])
  }
  const shown = ranges.slice(0, mostRanges).map(([from, to]) => (from === to ? from : `${from} … ${to}`))
  const more = ranges.length - shown.length
  return `${shown.join(', ')}${more > 0 ? `（另 ${more} 段 and ${more} more）` : ''}`
}
