import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, isLocalDate, localMinute } from '../../../domain/time.js'
import { dueOutcomes } from '../../../storage/headend/outcomes.js'
import { sumOutcomes } from '../../status/load-status.js'
import type { Outcomes } from '../../status/status-data.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

const headings = [
  '通信线路 line',
  '应抄 due',
  '一次抄通 first pass',
  '重试 retried',
  '补召 back-filled',
  '补抄 field-read',
  '估算 estimated',
  '未抄回 open',
]

export function addOpsCommand(program: Command, io: Io): void {
  program
    .command('ops')
    .description('采集运维 collection')
    .command('day')
    .description('某日抄表情况 what became of the due points of a local day, by line')
    .argument('<date>', 'YYYY-MM-DD')
    .option('--json', 'one JSON document')
    .action(async (date: string, { json }: { readonly json?: true }) => {
      if (!isLocalDate(date)) throw new UserError('bad_input', `${date}: expected a day written YYYY-MM-DD`)
      // The midnight that closes a day is the stamp under which the day's registers are read.
      const from = beijing.startOfDay(addDays(date, 1))
      const lines = await withDatabase(io, 'reader', (reader) => dueOutcomes(reader, { from, to: from + 1 }))
      if (lines.length === 0) throw new UserError('not_found', `nothing was due for ${date}`)
      const total = sumOutcomes(lines)
      if (json === true) return io.out(toJson({ date, lines, total }))
      io.out(`用电日 day of use ${date} · 示数时刻 registers of ${localMinute(beijing, from)}`)
      io.out(textTable(headings, [...lines.map((line) => cells(line.lineCode, line)), cells('合计 total', total)]))
    })
}

function cells(
  label: string,
  { due, firstPass, retried, backFilled, fieldRead, estimated, open }: Outcomes,
): readonly (string | number)[] {
  return [label, due, firstPass, retried, backFilled, fieldRead, estimated, open]
}
