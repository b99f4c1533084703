import { formatScaled } from '../../domain/scaled.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
import { type ItemPreview, mostPreviewed } from '../../mdm/exceptions/preview-items.js'
import type { StandingReading } from '../../storage/mdm/exception-previews.js'
import { textTable } from '../cli/table.js'
import { iso, isoOrNull } from './exception-list.js'
import { ruleWord } from './exception-words.js'

/** What a decision would change, one block each for readings, usage and frozen quantities. */
export function previewText(previews: readonly ItemPreview[], items: number): string {
  const usages = previews.flatMap(usageRows)
  const accounts = previews.flatMap(accountRows)
  return [
    textTable(['示数 reading', '现值 before', '拟值 after', '备注 note'], previews.map(readingRow)),
    ...(usages.length === 0
      ? []
      : [textTable(['电量 usage', '起 from', '止 to', '现值 before', '拟值 after'], usages)]),
    ...(accounts.length === 0
      ? []
      : [textTable(['户号 account', '起 from', '止 to', '已冻结 frozen', '再冻结 next freeze'], accounts)]),
    ...(items > previews.length ? [`只列前 ${mostPreviewed} 条 of ${items} the first are shown`] : []),
    ...(previews.some(({ touMissing }) => touMissing.length > 0)
      ? [
          '! 前后示数有分时，拟值没有：分时计费的户将暂缓 the readings beside it count by time of use and the value does not: accounts billed by time of use would be held',
        ]
      : []),
    '仅试算，未记录 nothing was recorded',
  ].join('\n')
}

function readingRow({
  exceptionKey,
  timeZone,
  readAt,
  before,
  after,
  estimate,
  notEstimable,
  warnings,
  touMissing,
}: ItemPreview) {
  const notes = [
    ...(touMissing.length === 0
      ? []
      : [`! 缺分时示数，请给 it also needs ${touMissing.map((register) => `--${register}`).join(' ')}`]),
    ...(estimate === null
      ? []
      : [`${estimate.method} 90 %: ${formatScaled(estimate.lowE4, 4, 2)} … ${formatScaled(estimate.highE4, 4, 2)}`]),
    ...(notEstimable === null ? [] : [`不可估 not estimable: ${notEstimable}`]),
    ...warnings.map((rule) => `! ${ruleWord(rule)} ${rule}`),
  ]
  const unchanged = '不变 unchanged'
  return [
    subjectText({ exceptionKey, timeZone, readAt }),
    before === null ? '—' : valueText(before),
    after === null ? unchanged : valueText(after),
    notes.join(' · '),
  ]
}

/** Whose reading it is and when, as the list of exceptions says it; the whole key where it is of no instant. */
function subjectText({ exceptionKey, timeZone, readAt }: Pick<ItemPreview, 'exceptionKey' | 'timeZone' | 'readAt'>) {
  const [, subject] = exceptionKey.split('/')
  return readAt === null || subject === undefined ? exceptionKey : `${subject} ${minute(timeZone, readAt)}`
}

function valueText({ verdict, registers }: StandingReading): string {
  return registers === null ? verdict : `${formatScaled(registers.totalE4, 4, 2)} ${verdict}`
}

function usageRows({ exceptionKey, timeZone, readAt, usages }: ItemPreview): readonly (readonly string[])[] {
  return usages.map(({ from, to, beforeE4, afterE4 }) => [
    subjectText({ exceptionKey, timeZone, readAt }),
    minute(timeZone, from),
    minute(timeZone, to),
    energyText(beforeE4),
    energyText(afterE4),
  ])
}

function accountRows({ timeZone, accounts }: ItemPreview): readonly (readonly string[])[] {
  return accounts.map(({ accountCode, periodStart, periodEnd, energyE4, hold, afterE4 }) => [
    accountCode,
    minute(timeZone, periodStart),
    minute(timeZone, periodEnd),
    hold === null ? energyText(energyE4) : `待核 held: ${ruleWord(hold)} ${hold}`,
    afterE4 === null ? '重新计算 worked out anew' : energyText(afterE4),
  ])
}

function energyText(energyE4: bigint | null): string {
  return energyE4 === null ? '—' : `${formatScaled(energyE4, 4, 2)} kWh`
}

function minute(timeZone: string, instant: Instant): string {
  return localMinute(calendarFor(timeZone), instant)
}

export function previewJson({ readAt, usages, accounts, ...preview }: ItemPreview) {
  return {
    ...preview,
    readAt: isoOrNull(readAt),
    usages: usages.map(({ from, to, ...rest }) => ({ from: iso(from), to: iso(to), ...rest })),
    accounts: accounts.map(({ accountCode, periodStart, periodEnd, energyE4, hold, afterE4 }) => ({
      accountCode,
      periodStart: iso(periodStart),
      periodEnd: iso(periodEnd),
      energyE4,
      hold,
      afterE4,
    })),
  }
}
