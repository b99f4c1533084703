import { type Calendar, localMinute } from '../../domain/time.js'
import type { WhatRests } from '../../mdm/corrections/tell-change.js'

/** More than a line or two holds are counted. */
const mostNamed = 5

/** What was issued and frozen of the time of a change that was told late; nothing where nothing was. */
export function restsLines({ bills, periods }: WhatRests, calendar: Calendar): readonly string[] {
  const named = (all: readonly string[]) =>
    `${all.slice(0, mostNamed).join(', ')}${all.length > mostNamed ? ` … 另 ${all.length - mostNamed} more` : ''}`
  return [
    ...(bills.length === 0
      ? []
      : [
          `  所涉已发账单 issued bills rest on it ${bills.length}: ${named(bills.map(({ billNumber, account }) => `${billNumber} (${account})`))}；账单不变，须更正 they stay as they are, and corrections of them are due`,
        ]),
    ...(periods.length === 0
      ? []
      : [
          `  所涉已冻结期 frozen periods ${periods.length}: ${named(periods.map(({ organisation, periodStart }) => `${localMinute(calendar, periodStart).slice(0, 7)} ${organisation}`))}；生效后重新冻结 frozen anew once it is in effect`,
        ]),
  ]
}

export function restsJson({ bills, periods }: WhatRests): object {
  const iso = (instant: number) => new Date(instant).toISOString()
  return {
    bills: bills.map(({ account, billNumber, periodStart, periodEnd }) => {
      return { account, billNumber, periodStart: iso(periodStart), periodEnd: iso(periodEnd) }
    }),
    periods: periods.map(({ organisation, periodStart, periodEnd }) => {
      return { organisation, periodStart: iso(periodStart), periodEnd: iso(periodEnd) }
    }),
  }
}
