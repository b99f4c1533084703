const secondMs = 1000
const dayMs = 24 * 60 * 60 * secondMs

/** What the clocks of a zone show beyond UTC; instants and offsets in milliseconds. */
export interface ZoneOffsets {
  readonly offsetAt: (instant: number) => number
  /** Instants in [from, to) from which another offset holds, ascending. */
  readonly changesIn: (from: number, to: number) => readonly number[]
}

interface Year {
  /** Offset with which the year begins (UTC). */
  readonly offset: number
  readonly changes: readonly { readonly at: number; readonly offset: number }[]
}

/** Offsets of an IANA zone as the runtime knows it; null where it knows no such zone. */
export function zoneOffsets(zone: string): ZoneOffsets | null {
  const format = formatOf(zone)
  if (format === null) return null
  const years = new Map<number, Year>()
  const yearOf = (instant: number): Year => {
    const year = new Date(instant).getUTCFullYear()
    const known = years.get(year) ?? readYear(format, year)
    years.set(year, known)
    return known
  }
  return {
    offsetAt: (instant) => {
      const { offset, changes } = yearOf(instant)
      return changes.findLast(({ at }) => at <= instant)?.offset ?? offset
    },
    changesIn: (from, to) => {
      const both = [...new Set([yearOf(from), yearOf(to)])]
      return both.flatMap(({ changes }) => changes.map(({ at }) => at)).filter((at) => from <= at && at < to)
    },
  }
}

/** Names only: the runtime would take an offset such as +08:00 for a zone, too. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  if (!/^[A-Za-z]/.test(zone)) return null
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
}

/** Looks at every day of the year, and between two days of different offsets for the second in which it changes. */
function readYear(format: Intl.DateTimeFormat, year: number): Year {
  const end = Date.UTC(year + 1, 0, 1)
  const offset = shownOffset(format, Date.UTC(year, 0, 1))
  const changes: { at: number; offset: number }[] = []
  let before = offset
  for (let day = Date.UTC(year, 0, 1); day < end; day += dayMs) {
    const after = shownOffset(format, day + dayMs)
    if (after === before) continue
    changes.push({ at: changeBetween(format, day, day + dayMs), offset: after })
    before = after
  }
  return { offset, changes }
}

function changeBetween(format: Intl.DateTimeFormat, from: number, to: number): number {
  const before = shownOffset(format, from)
  let [low, high] = [from, to]
  while (high - low > secondMs) {
    const middle = low + Math.floor((high - low) / (2 * secondMs)) * secondMs
    if (shownOffset(format, middle) === before) low = middle
    else high = middle
  }
  return high
}

function shownOffset(format: Intl.DateTimeFormat, instant: number): number {
  const [month = 1, day, year = 1970, hour, minute, second] = (format.format(instant).match(/\d+/g) ?? []).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant
}
