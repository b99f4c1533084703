import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, datesIn, dayMs, type Instant, type LocalDate, localMinute } from '../../../domain/time.js'
import { laidDays } from '../../../headend/accounting/laid-days.js'
import { accountSettingsAt } from '../../../headend/accounting/settings-of-plan.js'
import {
  openLookBackDays,
  type OpenPage,
  type OpenPoint,
  openPoints,
  type PageMark,
} from '../../../headend/accounting/open-points.js'
import type { Queryable } from '../../../storage/database.js'
import { isCrew } from '../../../storage/headend/crews.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { causeWords, stepWords } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { notLaidText } from '../laid-words.js'
import { parseInstant } from '../parse-instant.js'
import { readWhileWorking } from '../session.js'
import { warnUnusableLines } from '../warn-unusable-lines.js'
import { textTable } from '../table.js'
import { newestDueMidnight } from '../../../storage/headend/due-reads.js'

interface OpenOptions {
  readonly crew?: string
  readonly asOf?: string
  readonly limit: string
  readonly after?: string
  readonly json?: true
}

const mostPoints = 1000
/** Asks for the points of areas that no crew has. */
const nobody = 'none'

export function addOpsOpenCommand(ops: Command, io: Io): void {
  ops
    .command('open')
    .description('未抄回清单 open due points with step, deadline, cause and owner, newest first')
    .option('--crew <code>', `只此班组；${nobody} 为无责任班组 only what this crew owns; ${nobody}: what no crew owns`)
    .option('--as-of <instant>', '截至该时刻 as it stood then: ISO 8601, or local time "YYYY-MM-DD hh:mm"')
    .option('--limit <number>', `每页点数，至多 ${mostPoints} points on a page, at most so many`, '50')
    .option('--after <mark>', '下一页：上一页末尾的标记 the next page: the mark that the page before ended with')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (options: OpenOptions) => {
      const limit = Number(options.limit)
      if (!Number.isInteger(limit) || limit < 1 || limit > mostPoints)
        throw new UserError(
          'bad_input',
          `--limit ${options.limit}: 应为 1 至 ${mostPoints} 的整数 expected a whole number from 1 to ${mostPoints}`,
        )
      const asOf = options.asOf === undefined ? null : parseInstant(options.asOf)
      const behind = options.after === undefined ? null : parseMark(options.after)
      const now = createRealClock().now()
      const looking = { title: '查找未抄回 looking for open points', isQuiet: options.json === true }
      const { page, laid } = await readWhileWorking(io, looking, async (reader) => {
        const crew = await crewOf(reader, options.crew)
        await warnUnusableLines(io, reader)
        const newest = await newestDueMidnight(reader, asOf)
        const recent = lastDays(asOf ?? now)
        const settings = await accountSettingsAt(reader, asOf ?? now)
        const found: OpenPage =
          newest === null
            ? { points: [], next: null }
            : await openPoints(reader, { newest, asOf, now, settings, crew, behind, limit })
        return { page: found, laid: await laidDays(reader, recent, { asOf, now }) }
      })
      const notLaid = notLaidText(laid)
      if (notLaid !== null) io.err(notLaid)
      const next = page.next === null ? null : markOf(page.next)
      if (options.json === true) return io.out(toJson({ points: page.points.map(toEntry), next }))
      if (page.points.length === 0) return io.out('没有未抄回的应抄点 no due point is open')
      io.out(textTable(headings, page.points.map(cells)))
      if (next !== null) io.out(`下一页 next page: --after ${next}`)
    })
}

/** Null for all crews, '' for points without an owner. */
async function crewOf(reader: Queryable, code: string | undefined): Promise<string | null> {
  if (code === undefined) return null
  if (code === nobody) return ''
  if (!(await isCrew(reader, code)))
    throw new UserError(
      'bad_input',
      `crew ${code}: 无此班组 not found; ${nobody} 为无责任班组 asks for what no crew owns`,
    )
  return code
}

/** The days of use that `ops open` looks at by itself. */
function lastDays(at: Instant): readonly LocalDate[] {
  const today = beijing.dateAt(at)
  return datesIn(addDays(today, -openLookBackDays), today)
}

const headings = [
  '电表 meter',
  '示数时刻 registers of',
  '线路 line',
  '台区 area',
  '原因 cause',
  '当前步骤 step',
  '期限 deadline',
  '责任班组 owner',
]

function cells(point: OpenPoint): readonly string[] {
  const { meterCode, readAt, lineCode, areaCode, cause, step, crewCode } = point
  return [
    meterCode,
    localMinute(beijing, readAt),
    lineCode ?? '',
    areaCode ?? '',
    `${causeWords[cause]} ${cause}`,
    step === null ? '' : `${stepWords[step.step]} ${step.step}`,
    step === null ? '' : localMinute(beijing, step.deadline),
    crewCode ?? '（无）none',
  ]
}

function toEntry(point: OpenPoint) {
  const { meterCode, usagePointCode, template, readAt, lineCode, areaCode, cause, step, crewCode, evidence } = point
  const iso = (instant: Instant) => new Date(instant).toISOString()
  return {
    meter: meterCode,
    usagePoint: usagePointCode,
    template,
    readAt: iso(readAt),
    line: lineCode,
    area: areaCode,
    cause,
    attempts: evidence.causes,
    step: step?.step ?? null,
    deadline: step === null ? null : iso(step.deadline),
    crew: crewCode,
  }
}

function markOf({ readAt, meterId, template }: PageMark): string {
  return `${new Date(readAt).toISOString()}/${meterId}/${template}`
}

function parseMark(text: string): PageMark {
  const [, instant = '', meter = '', template = ''] = /^(\S+)\/(\d{1,18})\/(\w+)$/.exec(text) ?? []
  const readAt = Date.parse(instant)
  if (meter === '' || Number.isNaN(readAt) || readAt % 1 !== 0 || Math.abs(readAt) > 100_000 * dayMs)
    throw new UserError(
      'bad_input',
      `--after ${text}: 应为上一页末尾给出的标记 expected the mark that a page ended with`,
    )
  return { readAt, meterId: BigInt(meter), template }
}
