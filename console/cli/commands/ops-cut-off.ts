import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, isLocalDate, localMinute } from '../../../domain/time.js'
import { accountSettingsAt } from '../../../headend/accounting/settings-of-plan.js'
import { type CutOff, isReady, standsInTheWay } from '../../../headend/accounting/cut-off.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { causeWords, notedText, stepWords } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { laidText, notLaidText } from '../laid-words.js'
import { parseInstant } from '../parse-instant.js'
import { readWhileWorking } from '../session.js'
import { textTable } from '../table.js'
import { zonedMinute } from '../zoned-minute.js'

export function addOpsCutOffCommand(ops: Command, io: Io): void {
  ops
    .command('cut-off')
    .description(
      '抄表截止 what still stands in the way of a month; exit 1 while it is not over, a day of it was not laid down, or a due point is open',
    )
    .argument('<month>', '月份 a month, YYYY-MM')
    .option('--as-of <instant>', '截至该时刻 as it stood then: ISO 8601, or local time "YYYY-MM-DD hh:mm"')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (month: string, options: { readonly asOf?: string; readonly json?: true }) => {
      const first = `${month}-01`
      if (!isLocalDate(first))
        throw new UserError('bad_input', `${month}: 应为月份（YYYY-MM） expected a month written YYYY-MM`)
      const next = `${addDays(`${month}-28`, 4).slice(0, 7)}-01`
      const period = { after: beijing.startOfDay(first), through: beijing.startOfDay(next) }
      const asOf = options.asOf === undefined ? null : parseInstant(options.asOf)
      const now = createRealClock().now()
      const counting = { title: '统计应抄 counting due points', isQuiet: options.json === true }
      const cutOff = await readWhileWorking(io, counting, async (reader) =>
        standsInTheWay(reader, { ...period, asOf, now, settings: await accountSettingsAt(reader, asOf ?? now) }),
      )
      const { due, laid } = cutOff
      if (due === 0 && laid.beforeFirst === laid.days)
        throw new UserError('not_found', `${month}: 无应抄 nothing was due; the first window was opened later`)
      if (options.json === true) io.out(toJson(toDocument(month, cutOff)))
      else print(io, month, cutOff)
      if (!isReady(cutOff)) throw new UserError('refused', `${month}: ${whyNot(cutOff)}`)
    })
}

function toDocument(month: string, { at, laid, ...rest }: CutOff): object {
  const lastTakenUpAt = laid.lastTakenUpAt === null ? null : new Date(laid.lastTakenUpAt).toISOString()
  return { month, ...rest, at: new Date(at).toISOString(), laid: { ...laid, lastTakenUpAt } }
}

function whyNot({ open, held, noted, laid }: CutOff): string {
  const { days, notOver, notLaid } = laid
  return [
    ...(open > 0 ? [`${open} 个应抄点未抄回 due points are open`] : []),
    ...(held > 0 ? [`${held} 个应抄点待核 due points are held`] : []),
    ...(noted.open + noted.held > 0
      ? [`${noted.open + noted.held} 处换表等示数未录入或待核 registers of events are not noted, or held`]
      : []),
    ...(notLaid.length > 0 || notOver > 0
      ? [`已建应抄 ${laid.laid} / ${days} 天 ${laid.laid} of ${days} days laid down`]
      : []),
    ...(notOver > 0 ? ['当月未结束 the month is not over'] : []),
    ...(notLaid.length > 0 ? [`${notLaid.length} 天无应抄点 days were never laid down`] : []),
  ].join('; ')
}

function print(io: Io, month: string, found: CutOff): void {
  const { at, due, open, held, noted, obstacles, laid } = found
  io.out(
    `抄表月 month ${month} · 截止 cut-off ${zonedMinute(beijing, at)} · 应抄 due ${due} · 未抄回 open ${open} · 待核 held ${held}`,
  )
  const events = notedText(noted)
  if (events !== null) io.out(events)
  io.out(laidText(laid))
  const missing = notLaidText(laid)
  if (missing !== null) io.out(missing)
  if (isReady(found)) io.out('可结 ready to close')
  if (obstacles.length === 0) return
  io.out(
    textTable(
      ['当前步骤 step', '原因 cause', '应抄点 points', '最早期限 first deadline', '责任班组 owner'],
      obstacles.map(({ step, cause, crew, points, deadline }) => [
        `${stepWords[step]} ${step}`,
        `${causeWords[cause]} ${cause}`,
        points,
        localMinute(beijing, deadline),
        crew ?? '（无）none',
      ]),
    ),
  )
}
