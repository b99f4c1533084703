import { formatScaled } from '../../domain/scaled.js'
import { calendarFor } from '../../domain/time.js'
import type { RefrozenPeriod } from '../../mdm/corrections/redo-what-rests.js'
import type { BilledDifference } from '../../storage/mdm/billed-differences.js'
import { localInstants } from '../cli/local-instants.js'
import { billedDifferenceJson, billedDifferenceText } from '../determinants/billed-difference-text.js'
import { holdWords } from '../determinants/determinant-text.js'
import type { WhatFollowed } from './redo-correction.js'

/** More accounts than a screen holds are counted. */
const mostShown = 20

/** What followed from a correction or a decision, for whoever made it: decisions, frozen periods, and how its accounts stand now. */
export function redoneText({ redone, laid, timeZone, billed }: WhatFollowed): string {
  const { accepted, held, periods, opened, closed } = redone
  const calendar = calendarFor(timeZone)
  const month = (period: RefrozenPeriod) => calendar.dateAt(period.periodStart).slice(0, 7)
  return [
    `  重新校核 validated anew: 认可 accepted ${accepted} · 待核 held ${held}${laid === null ? '' : ` · 补建应抄 due points laid ${laid}`} · 异常 exceptions 新 opened ${opened} 结 closed ${closed}`,
    ...(periods.length === 0 ? ['  无已冻结月份 no month was frozen yet'] : []),
    ...periods.flatMap((period) => [
      `  ${month(period)} · ${period.organisation} · 集 set ${period.setId} · 修订 revision ${period.revision} · ${period.outcome === 'created' ? '重新冻结 frozen anew' : '不变 the same as before'}`,
      ...period.accounts
        .slice(0, mostShown)
        .map(({ account, energyE4, holdCode, holdDetail }) =>
          energyE4 === null
            ? `    ${account}: 待核 held: ${[holdWords(holdCode ?? ''), holdCode ?? ''].join(' ').trim()}: ${localInstants(holdDetail ?? '', calendar)}`
            : `    ${account}: 计费电量 to be billed ${formatScaled(energyE4, 4)} kWh`,
        ),
      ...(period.accounts.length > mostShown
        ? [`    … 另 ${period.accounts.length - mostShown} 户 more accounts`]
        : []),
    ]),
    ...[billedDifferenceText(billed)].filter((text) => text !== null),
  ].join('\n')
}

export function redoneJson({ redone, laid, billed }: WhatFollowed): object {
  const { periods, ...counts } = redone
  return {
    ...counts,
    duePointsLaid: laid,
    periods: periods.map((period) => ({
      ...period,
      periodStart: new Date(period.periodStart).toISOString(),
      periodEnd: new Date(period.periodEnd).toISOString(),
      accounts: period.accounts.map(({ energyE4, ...account }) => ({
        ...account,
        kwh: energyE4 === null ? null : formatScaled(energyE4, 4),
      })),
    })),
    billedDifferences: billed.map((one: BilledDifference) => billedDifferenceJson(one)),
  }
}
