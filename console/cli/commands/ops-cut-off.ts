import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, isLocalDate, localMinute } from '../../../domain/time.js'
import { accountSettingsAt } from '../../../headend/accounting/settings-of-plan.js'
import { type CutOff, standsInTheWay } from '../../../headend/accounting/cut-off.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { causeWords, stepWords } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export function addOpsCutOffCommand(ops: Command, io: Io): void {
  ops
    .command('cut-off')
    .description('抄表截止 what still stands in the way of a month; exit 1 while a due point is open')
    .argument('<month>', 'YYYY-MM')
    .option('--as-of <instant>', 'as it stood then: ISO 8601, or local time "YYYY-MM-DD hh:mm"')
    .option('--json', 'one JSON document')
    .action(async (month: string, options: { readonly asOf?: string; readonly json?: true }) => {
      const first = `${month}-01`
      if (!isLocalDate(first)) throw new UserError('bad_input', `${month}: expected a month written YYYY-MM`)
      const next = `${addDays(`${month}-28`, 4).slice(0, 7)}-01`
      const period = { after: beijing.startOfDay(first), through: beijing.startOfDay(next) }
      const asOf = options.asOf === undefined ? null : parseInstant(options.asOf)
      const now = createRealClock().now()
      const cutOff = await withDatabase(io, 'reader', async (reader) =>
        standsInTheWay(reader, { ...period, asOf, now, settings: await accountSettingsAt(reader, asOf ?? now) }),
      )
      if (cutOff.due === 0) throw new UserError('not_found', `nothing was due in ${month}`)
      if (options.json === true) io.out(toJson({ month, ...cutOff, at: new Date(cutOff.at).toISOString() }))
      else print(io, month, cutOff)
      if (cutOff.open > 0) throw new UserError('refused', `${cutOff.open} due points of ${month} are open`)
    })
}

function print(io: Io, month: string, { at, due, open, obstacles }: CutOff): void {
  io.out(`抄表月 month ${month} · 截止 cut-off ${localMinute(beijing, at)} · 应抄 due ${due} · 未抄回 open ${open}`)
  if (obstacles.length === 0) return
  io.out(
    textTable(
      ['当前步骤 step', '原因 cause', '未抄回 open', '最早期限 first deadline', '责任班组 owner'],
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
