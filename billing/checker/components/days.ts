const dayMs = 86_400_000

/** Local days [from, to), as `YYYY-MM-DD`. */
export interface Days {
  readonly from: string
  readonly to: string
}

export function daysIn({ from, to }: Days): bigint {
  return BigInt((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - dayMs).toISOString().slice(0, 10)
}

/** The same day of a later or earlier month; only days that every month has are asked for. */
export function monthsLater(date: string, months: number): string {
  const moved = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months, 1))
  return `${moved.toISOString().slice(0, 8)}${date.slice(8)}`
}

/** The months that make up days, the first from their first day; the last one may reach beyond them. */
export function monthsOf({ from, to }: Days): readonly Days[] {
  const months: Days[] = []
  for (let index = 0; monthsLater(from, index) < to; index += 1)
    months.push({ from: monthsLater(from, index), to: monthsLater(from, index + 1) })
  return months
}

export function sharedDays(a: Days, b: Days): Days | null {
  const [from, to] = [a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to]
  return from < to ? { from, to } : null
}
