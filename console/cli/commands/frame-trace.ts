import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, isLocalDate } from '../../../domain/time.js'
import { traceEntries, traceText } from '../../frames/frame-trace.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'

interface TraceFlags {
  readonly date: string
  readonly json?: true
}

export function addFrameTraceCommand(frame: Command, io: Io): void {
  frame
    .command('trace')
    .description('某表某日全部报文与未抄回的尝试（密码隐去）· all frames of a meter and a day, decoded')
    .argument('<meter>', '电能表编号 code of the meter')
    .requiredOption('--date <date>', '接收日 local day on which they came, YYYY-MM-DD')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (meter: string, { date, json }: TraceFlags) => {
      if (!isLocalDate(date))
        throw new UserError('bad_input', `${date}: 应为日期（YYYY-MM-DD） expected a day written YYYY-MM-DD`)
      const trace = await loadTrace(io, meter, date)
      const entries = traceEntries(trace)
      if (json === true) return io.out(toJson({ meter, date, entries }))
      if (entries.length === 0) return io.out(`${meter} ${date}: 无报文 no frames`)
      io.out(traceText(entries, beijing))
    })
}

/** The offline commands beside this one must not wait for the database's driver, so it is loaded here. */
async function loadTrace(io: Io, meter: string, date: string) {
  const { withDatabase } = await import('../session.js')
  const { findMeterId, selectFrameTrace } = await import('../../../storage/headend/frame-trace.js')
  return withDatabase(io, 'reader', async (reader) => {
    const meterId = await findMeterId(reader, meter)
    if (meterId === null) throw new UserError('not_found', `${meter}: 无此电表 no meter of this code`)
    return selectFrameTrace(reader, meterId, {
      from: beijing.startOfDay(date),
      to: beijing.startOfDay(addDays(date, 1)),
    })
  })
}
