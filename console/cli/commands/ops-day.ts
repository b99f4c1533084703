import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, type Instant, isLocalDate, localMinute } from '../../../domain/time.js'
import { accountDay, type CauseRow, type DayAccount } from '../../../headend/accounting/account-day.js'
import { type DueCounts, type DueLevel, dueLevels } from '../../../headend/accounting/account-levels.js'
import { spanAt } from '../../../headend/accounting/account-span.js'
import { accountSettingsAt } from '../../../headend/accounting/settings-of-plan.js'
import { type MovedDuePoint, movedDuePoints } from '../../../storage/headend/moved-due-points.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { causeWords, outcomeWords } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { warnUnusableLines } from '../warn-unusable-lines.js'
import { textTable } from '../table.js'

interface DayOptions {
  readonly by: DueLevel | 'cause'
  readonly asOf?: string
  readonly compare?: string
  readonly template?: string
  readonly json?: true
}

export function addOpsDayCommand(ops: Command, io: Io): void {
  ops
    .command('day')
    .description('某日抄表情况 what became of the due points of a local day')
    .argument('<date>', 'YYYY-MM-DD')
    .addOption(new Option('--by <level>', 'rows of the table').choices(['cause', ...dueLevels]).default('line'))
    .option('--as-of <instant>', 'as it stood then: ISO 8601, or local time "YYYY-MM-DD hh:mm"')
    .option('--compare <instant>', 'with --as-of: list what stands otherwise at this later instant')
    .option('--template <name>', 'only what this template asks for, such as daily_freeze')
    .option('--json', 'one JSON document')
    .action(async (date: string, options: DayOptions) => {
      if (!isLocalDate(date)) throw new UserError('bad_input', `${date}: expected a day written YYYY-MM-DD`)
      // The midnight that closes a day is the stamp under which the day's registers are read.
      const span = { after: beijing.startOfDay(date), through: beijing.startOfDay(addDays(date, 1)) }
      const asOf = options.asOf === undefined ? null : parseInstant(options.asOf)
      const template = options.template ?? null
      const now = createRealClock().now()
      if (options.compare !== undefined) {
        const later = laterInstant(options.compare, asOf)
        const moved = await withDatabase(io, 'reader', async (reader) => {
          const settings = await accountSettingsAt(reader, asOf ?? now)
          return movedDuePoints(reader, await spanAt(reader, settings, { ...span, asOf, now, template }), later)
        })
        return printMoved(io, { date, asOf, later, json: options.json === true }, moved)
      }
      const wish = { ...span, asOf, template, now }
      const account = await withDatabase(io, 'reader', async (reader) => {
        await warnUnusableLines(io, reader)
        return accountDay(reader, { ...wish, settings: await accountSettingsAt(reader, asOf ?? now) }, options.by)
      })
      if (account.total.due === 0) throw new UserError('not_found', nothingDue(date, asOf))
      if (options.json === true) return io.out(toJson(toDocument(date, span.through, asOf, options.by, account)))
      const asOfText = asOf === null ? '' : ` · 截至 as of ${localMinute(beijing, asOf)}`
      io.out(`用电日 day of use ${date} · 示数时刻 registers of ${localMinute(beijing, span.through)}${asOfText}`)
      io.out(options.by === 'cause' ? causeTable(account) : levelTable(options.by, account))
    })
}

function nothingDue(date: string, asOf: Instant | null): string {
  const when = asOf === null ? '' : ` as of ${localMinute(beijing, asOf)}`
  return `nothing was due for ${date}${when}`
}

function laterInstant(text: string, asOf: Instant | null): Instant {
  const later = parseInstant(text)
  if (asOf === null || later <= asOf) throw new UserError('bad_input', '--compare needs an earlier instant as --as-of')
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
  }
}

function withRates<C extends DueCounts>(counts: C) {
  const { due, firstPass, retried, backFilled } = counts
  return {
    ...counts,
    gap: due - firstPass,
    firstPassPercent: percent(firstPass, due),
    afterRetryPercent: percent(firstPass + retried, due),
    successPercent: percent(firstPass + retried + backFilled, due),
  }
}

/** Two decimals, rounded down, so that 100.00 is said of all and only of all. */
function percent(part: number, whole: number): string {
  const hundredths = whole === 0 ? 10_000 : Math.floor((part * 10_000) / whole)
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`
}

const levelWords: Readonly<Record<DueLevel, string>> = {
  line: '通信线路 line',
  concentrator: '集中器 concentrator',
  area: '台区 area',
  crew: '班组 crew',
  county: '区县 county',
  city: '地市 city',
  province: '省 province',
}

function levelTable(by: DueLevel, { rows, total }: DayAccount): string {
  const headings = [
    levelWords[by],
    '应抄 due',
    '一次抄通 first pass',
    '重试 retried',
    '补召 back-filled',
    '补抄 field-read',
    '估算 estimated',
    '免抄 exempt',
    '未抄回 open',
    '成功率 success %',
  ]
  return textTable(headings, [
    ...rows.map(({ code, ...counts }) => cells(code ?? '（无）none', counts)),
    cells('合计 total', total),
  ])
}

function cells(label: string, counts: DueCounts): readonly (string | number)[] {
  const { due, firstPass, retried, backFilled, fieldRead, estimated, exempt, open } = counts
  return [
    label,
    due,
    firstPass,
    retried,
    backFilled,
    fieldRead,
    estimated,
    exempt,
    open,
    withRates(counts).successPercent,
  ]
}

function causeTable({ causes, total }: DayAccount): string {
  const gap = total.due - total.firstPass
  const row = ({ cause, crew, points, open }: CauseRow) => [
    `${causeWords[cause]} ${cause}`,
    points,
    open,
    percent(points, gap),
    crew ?? '（无）none',
  ]
  return textTable(
    ['原因 cause', '未一次抄通 gap', '其中未抄回 open', '占比 share %', '责任班组 owner'],
    [...causes.map(row), ['合计 total', gap, total.open, percent(gap, gap), '']],
  )
}

function printMoved(
  io: Io,
  {
    date,
    asOf,
    later,
    json,
  }: { readonly date: string; readonly asOf: Instant | null; readonly later: Instant; readonly json: boolean },
  moved: readonly MovedDuePoint[],
): void {
  if (json) {
    const iso = (instant: Instant | null) => (instant === null ? null : new Date(instant).toISOString())
    return io.out(toJson({ date, asOf: iso(asOf), compare: iso(later), moved }))
  }
  if (moved.length === 0) return io.out(`${date}：两个时点之间没有变化 nothing moved between the two instants`)
  io.out(
    textTable(
      ['电表 meter', '示数时刻 registers of', '先前 before', '之后 after'],
      moved.map(({ meterCode, readAt, before, after }) => [
        meterCode,
        localMinute(beijing, readAt),
        before === null ? '—' : outcomeWords[before],
        outcomeWords[after],
      ]),
    ),
  )
}
