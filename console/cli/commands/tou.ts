import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, beijing, isLocalDate, type LocalDate } from '../../../domain/time.js'
import type { TouScope } from '../../../storage/mdm/tou-tables.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { loadTouScreen } from '../../tou/load-tou-screen.js'
import { touScreenJson } from '../../tou/tou-json.js'
import { touScreenText } from '../../tou/tou-screen-text.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { touCompare } from './tou-compare.js'
import { addTouDownloadCommand } from './tou-download.js'
import { touNotSwitched } from './tou-not-switched.js'
import { touRead } from './tou-read.js'

interface ShowFlags {
  readonly on?: string
  readonly json?: true
}

interface ScopeFlags {
  readonly tariff?: string
  readonly area?: string
  readonly crew?: string
  readonly json?: true
}

const jsonHelp = '输出一个 JSON 文档 one JSON document'
const areaHelp = '台区 transformer area'
const crewHelp = '班组 crew'

export function addTouCommand(program: Command, io: Io): void {
  const tou = program
    .command('tou')
    .description(
      '电表时区时段表：召测、查看、与电价时段核对 time-of-use tables of meters, against the hours of tariffs',
    )
  tou
    .command('show')
    .description(
      '一块表：两套时区、时段、节假日，一日 24 小时与电价对照 both sets of one meter, and a day beside the tariff’s',
    )
    .argument('<meter>', '电表资产号 meter code')
    .option('--on <day>', '哪一日，默认今日 which day; today when left out')
    .option('--json', jsonHelp)
    .action((code: string, flags: ShowFlags) => show(io, code, flags))
  tou
    .command('compare')
    .description('核对一段时间，列出不符与不明的表 compares meters over days; lists those that differ or are not known')
    .requiredOption('--tariff <code>', '电价 tariff')
    .requiredOption('--from <day>', '首日 first day')
    .requiredOption('--to <day>', '止日，不含 the day on which it ends, itself outside')
    .option('--area <code>', areaHelp)
    .option('--crew <code>', crewHelp)
    .option('--json', jsonHelp)
    .action((flags: ScopeFlags & { readonly from: string; readonly to: string }) => {
      const [from, to] = [dayFrom('--from', flags.from), dayFrom('--to', flags.to)]
      if (from >= to)
        throw new UserError('bad_input', `--to ${flags.to}: 应晚于 ${flags.from} expected a day after ${flags.from}`)
      return touCompare(io, { scope: scopeOf(flags), from, to, json: flags.json === true })
    })
  tou
    .command('not-switched')
    .description('到日不会按新时段计量的表 meters that will not count the hours of the version in force on a day')
    .requiredOption('--date <day>', '新时段首日 first day of the new hours')
    .option('--tariff <code>', '电价 tariff')
    .option('--area <code>', areaHelp)
    .option('--crew <code>', crewHelp)
    .option('--json', jsonHelp)
    .action((flags: ScopeFlags & { readonly date: string }) =>
      touNotSwitched(io, { scope: scopeOf(flags), date: dayFrom('--date', flags.date), json: flags.json === true }),
    )
  tou
    .command('read')
    .description('召测：由占用线路的采集节点读全套并存库 asks the node that owns the line to read and store all tables')
    .argument('<meter>', '电表资产号 meter code')
    .requiredOption('--actor <id>', '操作员 who asks, as registered')
    .option('--wait <seconds>', '等待秒数，默认按采集方案 how long; as the plan says when left out')
    .option('--json', jsonHelp)
    .action((meter: string, flags: { readonly actor: string; readonly wait?: string; readonly json?: true }) =>
      touRead(io, { meter, actor: flags.actor, wait: flags.wait ?? null, json: flags.json === true }),
    )
  addTouDownloadCommand(tou, io)
}

async function show(io: Io, code: string, { on, json }: ShowFlags): Promise<void> {
  const now = createRealClock().now()
  const date = on === undefined ? beijing.dateAt(now) : dayFrom('--on', on)
  const screen = await withDatabase(io, 'reader', (reader) => loadTouScreen(reader, code, { date, now }))
  if (screen === null) throw new UserError('not_found', `${code}: 无此电表 no meter of this code`)
  io.out(json === true ? toJson(touScreenJson(screen)) : touScreenText(screen))
}

function scopeOf({ tariff, area, crew }: ScopeFlags): TouScope {
  return { tariff: tariff ?? null, area: area ?? null, crew: crew ?? null, meter: null }
}

/** Days far away would make the comparison of a period endless. */
const mostYearsAway = 30

function dayFrom(flag: string, text: string): LocalDate {
  const isDay = isLocalDate(text)
  const today = beijing.dateAt(createRealClock().now())
  const reach = mostYearsAway * 365
  if (!isDay || text < addDays(today, -reach) || text > addDays(today, reach))
    throw new UserError('bad_input', `${flag} ${text}: 应为日期（YYYY-MM-DD） expected a day written YYYY-MM-DD`)
  return text
}
