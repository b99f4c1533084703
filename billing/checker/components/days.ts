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

/** The same day of a later or earlier month; the last of the month where it has no such day. */
export function monthsLater(date: string, months: number): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10)
  return date.slice(8) > last.slice(8) ? last : `${last.slice(0, 8)}${date.slice(8)}`
}

/** Whether a stretch is one from a day to the same day of a later month. */
export function isOfWholeMonths({ from, to }: Days): boolean {
  const months =
    12 * (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
  return months > 0 && monthsLater(from, months) === to
}

/** The calendar months that a stretch touches. */
export function calendarMonths({ from, to }: Days): readonly Days[] {
  return monthsOf({ from: `${from.slice(0, 7)}-01`, to }).map((month) => ({
    from: month.from,
    to: monthsLater(month.from, 1),
  }))
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
