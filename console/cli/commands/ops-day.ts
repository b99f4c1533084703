import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, type Instant, isLocalDate, type LocalDate, localMinute } from '../../../domain/time.js'
import { accountDay, type CauseRow, type DayAccount } from '../../../headend/accounting/account-day.js'
import { type DueCounts, type DueLevel, dueLevels } from '../../../headend/accounting/account-levels.js'
import { spanAt } from '../../../headend/accounting/account-span.js'
import { type LaidDays, laidDays } from '../../../headend/accounting/laid-days.js'
import { accountSettingsAt } from '../../../headend/accounting/settings-of-plan.js'
import { movedDuePoints } from '../../../storage/headend/moved-due-points.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { parseTemplate } from '../due-template.js'
import { causeWords, levelWords, notedText } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { notLaidText } from '../laid-words.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { percentOf, percentShares } from '../shares.js'
import { warnUnusableLines } from '../warn-unusable-lines.js'
import { textTable } from '../table.js'
import { zonedMinute } from '../zoned-minute.js'
import { printCompared } from './ops-day-compare.js'

interface DayOptions {
  readonly by?: DueLevel | 'cause'
  readonly asOf?: string
  readonly compare?: string
  readonly template?: string
  readonly json?: true
}

export function addOpsDayCommand(ops: Command, io: Io): void {
  ops
    .command('day')
    .description('某日抄表情况 what became of the due points of a local day')
    .argument('<date>', '日期 a day, YYYY-MM-DD')
    .addOption(new Option('--by <level>', '按何种层级，默认 line rows of the table').choices(['cause', ...dueLevels]))
    .option('--as-of <instant>', '截至该时刻 as it stood then: ISO 8601, or local time "YYYY-MM-DD hh:mm"')
    .option(
      '--compare <instant>',
      '与 --as-of 同用：此后时刻的差异 with --as-of: what stands otherwise at this later instant, point by point or --by',
    )
    .option('--template <name>', '只看此采集内容 only what this template asks for, such as daily_freeze')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (date: string, options: DayOptions) => {
      if (!isLocalDate(date))
        throw new UserError('bad_input', `${date}: 应为日期（YYYY-MM-DD） expected a day written YYYY-MM-DD`)
      const asOf = options.asOf === undefined ? null : parseInstant(options.asOf)
      const later = options.compare === undefined ? null : laterInstant(options.compare, asOf)
      const template = parseTemplate(options.template)
      const wish = { date, ...spanOfDay(date), asOf, template, by: options.by ?? null, json: options.json === true }
      if (later === null) return showDay(io, wish)
      return compareDay(io, { ...wish, later })
    })
}

interface DayWish {
  readonly date: LocalDate
  readonly after: Instant
  readonly through: Instant
  readonly asOf: Instant | null
  readonly template: string | null
  readonly by: DueLevel | 'cause' | null
  readonly json: boolean
}

/** The midnight that closes a day is the stamp under which the day's registers are read. */
function spanOfDay(date: LocalDate): { readonly after: Instant; readonly through: Instant } {
  return { after: beijing.startOfDay(date), through: beijing.startOfDay(addDays(date, 1)) }
}

async function showDay(io: Io, wish: DayWish): Promise<void> {
  const { date, through, asOf, json } = wish
  const by = wish.by ?? 'line'
  const now = createRealClock().now()
  const [account, laid] = await withDatabase(io, 'reader', async (reader) => {
    await warnUnusableLines(io, reader)
    const settings = await accountSettingsAt(reader, asOf ?? now)
    return [
      await accountDay(reader, { ...wish, now, settings }, by),
      await laidDays(reader, [date], { asOf, now }),
    ] as const
  })
  const missing = notLaidText(laid)
  if (account.total.due === 0 && account.noted.due === 0)
    throw new UserError('not_found', missing ?? nothingDue(date, asOf, laid))
  if (missing !== null) io.err(missing)
  if (json) return io.out(toJson(toDocument(date, through, asOf, by, account)))
  const asOfText = asOf === null ? '' : ` · 截至 as of ${zonedMinute(beijing, asOf)}`
  io.out(`用电日 day of use ${date} · 示数时刻 registers of ${zonedMinute(beijing, through)}${asOfText}`)
  if (account.total.due > 0) io.out(by === 'cause' ? causeTable(account) : levelTable(by, account))
  const noted = notedText(account.noted)
  if (noted !== null) io.out(noted)
}

async function compareDay(io: Io, wish: DayWish & { readonly later: Instant }): Promise<void> {
  const { date, through, asOf, later, by, json } = wish
  const now = createRealClock().now()
  const compared = await withDatabase(io, 'reader', async (reader) => {
    const accountAt = async (at: Instant | null, level: DueLevel | 'cause') => {
      const settings = await accountSettingsAt(reader, at ?? now)
      return accountDay(reader, { ...wish, asOf: at, now, settings }, level)
    }
    const span = await spanAt(reader, await accountSettingsAt(reader, asOf ?? now), { ...wish, now })
    const moved = await movedDuePoints(reader, span, later)
    const levels = by === null ? null : { by, before: await accountAt(asOf, by), after: await accountAt(later, by) }
    return { date, readAt: through, asOf, later, moved, levels }
  })
  printCompared(io, compared, json)
}

function nothingDue(date: LocalDate, asOf: Instant | null, { notOver, beforeFirst }: LaidDays): string {
  const when = asOf === null ? '' : `，截至 as of ${localMinute(beijing, asOf)}`
  if (notOver > 0) return `${date}: 当日未结束，次日零点建应抄点 the day is not over; it is laid down when it is${when}`
  if (beforeFirst > 0) return `${date}: 首次采集之前，无应抄 nothing was due before the first window${when}`
  return `${date}: 无应抄 nothing was due${when}`
}

function laterInstant(text: string, asOf: Instant | null): Instant {
  const later = parseInstant(text)
  if (asOf === null || later <= asOf)
    throw new UserError('bad_input', '--compare: 须晚于 --as-of --compare needs an earlier instant as --as-of')
  return later
}

/** `lines` and its fields are what other programs read; the other levels have `rows`. */
function toDocument(date: string, readAt: Instant, asOf: Instant | null, by: string, account: DayAccount) {
  const rows = account.rows.map(({ code, ...counts }) => ({ code, ...withRates(counts) }))
  const byLine = rows.map(({ code, ...counts }) => ({ lineCode: code, readAt, ...counts }))
  return {
    date,
    by,
    asOf: asOf === null ? null : new Date(asOf).toISOString(),
    ...(by === 'line' ? { lines: byLine } : by === 'cause' ? { causes: account.causes } : { rows }),
    total: withRates(account.total),
    noted: account.noted,
  }
}

function withRates<C extends DueCounts>(counts: C) {
  const { due, firstPass, retried, backFilled } = counts
  return {
    ...counts,
    gap: due - firstPass,
    firstPassPercent: percentOf(firstPass, due),
    afterRetryPercent: percentOf(firstPass + retried, due),
    successPercent: percentOf(firstPass + retried + backFilled, due),
  }
}

type Column = readonly [heading: string, cell: (counts: DueCounts) => string | number]

/** Few days have points of these kinds; the others need no column for them. */
const rareColumns: readonly Column[] = [
  ['人工更正 corrected', ({ corrected }) => corrected],
  ['待核 held', ({ held }) => held],
]

function columnsFor(total: DueCounts): readonly Column[] {
  return [
    ['应抄 due', ({ due }) => due],
    ['一次抄通 first pass', ({ firstPass }) => firstPass],
    ['重试 retried', ({ retried }) => retried],
    ['补召 back-filled', ({ backFilled }) => backFilled],
    ['补抄 field-read', ({ fieldRead }) => fieldRead],
    ['估算 estimated', ({ estimated }) => estimated],
    ...rareColumns.filter(([, cell]) => cell(total) !== 0),
    ['免抄 exempt', ({ exempt }) => exempt],
    ['未抄回 open', ({ open }) => open],
    ['成功率 success %', (counts) => withRates(counts).successPercent],
  ]
}

function levelTable(by: DueLevel, { rows, total }: DayAccount): string {
  const columns = columnsFor(total)
  const cells = (label: string, counts: DueCounts) => [label, ...columns.map(([, cell]) => cell(counts))]
  return textTable(
    [levelWords[by], ...columns.map(([heading]) => heading)],
    [...rows.map(({ code, ...counts }) => cells(code ?? '（无）none', counts)), cells('合计 total', total)],
  )
}

function causeTable({ causes, total }: DayAccount): string {
  const gap = total.due - total.firstPass
  const shares = percentShares(causes.map(({ points }) => points))
  const row = ({ cause, crew, points, open }: CauseRow, place: number) => [
    `${causeWords[cause]} ${cause}`,
    points,
    open,
    shares[place] ?? '',
    crew ?? '（无）none',
  ]
  return textTable(
    ['原因 cause', '未一次抄通 gap', '其中未抄回 open', '占比 share %', '责任班组 owner'],
    [...causes.map(row), ['合计 total', gap, total.open, percentOf(gap, gap), '']],
  )
}
