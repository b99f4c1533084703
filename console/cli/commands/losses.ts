import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { datesIn, type LocalDate } from '../../../domain/time.js'
import { settleLosses, type SettledLosses } from '../../../mdm/losses/settle-losses.js'
import { listAreaLosses } from '../../../storage/mdm/area-losses.js'
import { type NoLosses, whyNoLosses } from '../../../storage/mdm/nothing-to-settle.js'
import { findOrganisation } from '../../../storage/registry/changes.js'
import { type LossLevel, lossLevels, lossRows } from '../../losses/loss-rows.js'
import { lossTable, verdictWords } from '../../losses/loss-table.js'
import { createProgress } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { dayRange, parseDay } from '../day-span.js'
import { addLossesPolicyCommands } from './losses-policy.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface DayFlags {
  readonly by: LossLevel
  readonly json?: true
}
interface SettleFlags {
  readonly from: string
  readonly to: string
  readonly organisation?: string
  readonly actor: string
  readonly json?: true
}

export function addLossesCommand(program: Command, io: Io): void {
  const losses = program.command('losses').description('台区线损 losses of transformer areas')
  losses
    .command('day')
    .description('某日线损，售电侧估算与缺数占比 losses of a day, with what of the sold side is estimated or missing')
    .argument('<date>', '用电日 day of use, YYYY-MM-DD')
    .addOption(new Option('--by <level>', '按台区或单位 rows of the table').choices(lossLevels).default('area'))
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((date: string, flags: DayFlags) => showDay(io, parseDay('<date>', date), flags))
  losses
    .command('settle')
    .description('计算线损，重复执行只记变化 works losses out; run again it appends only what changed')
    .requiredOption('--from <day>', '首日 first day of use, such as 2026-07-01')
    .requiredOption('--to <day>', '末日，含当日 last day of use, itself included')
    .option('--organisation <code>', '仅此单位及下级 only this organisation and those below it')
    .requiredOption('--actor <id>', '操作者 who acts')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: SettleFlags) => settle(io, flags))
  addLossesPolicyCommands(losses, io)
}

async function showDay(io: Io, date: LocalDate, { by, json }: DayFlags): Promise<void> {
  const listed = await withDatabase(io, 'reader', (reader) => listAreaLosses(reader, date))
  if (listed.length === 0)
    throw new UserError('not_found', `${date}: 未计算线损 no losses were worked out; see shuangwu losses settle`)
  const rows = lossRows(listed, by)
  if (json === true) return io.out(toJson({ date, by, rows }))
  io.out(`用电日 day of use ${date}`)
  io.out(lossTable(by, rows))
}

async function settle(io: Io, { from, to: last, organisation, actor, json }: SettleFlags): Promise<void> {
  const { to } = dayRange({ from, to: last })
  const settled = await withDatabase(io, 'mdm', async (mdm) => {
    await requireActor(mdm, actor)
    const organisationId = organisation === undefined ? null : await findOrganisation(mdm, organisation)
    if (organisation !== undefined && organisationId === null)
      throw new UserError('not_found', `${organisation}: 无此单位 no organisation of this code`)
    const stage = createProgress(io).stage('计算线损 losses', datesIn(from, to).length)
    try {
      const now = createRealClock().now()
      const done = await settleLosses(mdm, { from, to, organisationId, actor, now, onDay: () => stage.advance() })
      stage.done()
      return { ...done, nothing: done.areaDays === 0 ? await whyNoLosses(mdm, organisationId) : null }
    } finally {
      stage.stop()
    }
  })
  io.out(json === true ? toJson({ from, to: last, ...settled }) : settledText(settled))
}

const nothingTexts: Readonly<Record<NoLosses['kind'], string>> = {
  no_transformer_area: '档案中无台区 the registry has no transformer area',
  no_supply_meter:
    '均无关口（供电）表，以 areaSupplies 建档 no area has a supply meter in these days; the registry records one as areaSupplies',
}

function settledText({ areaDays, written, verdicts, nothing }: SettledLosses & { readonly nothing: NoLosses | null }) {
  if (nothing !== null) return `无可计算 nothing to settle: 台区 areas ${nothing.areas} · ${nothingTexts[nothing.kind]}`
  const told = Object.entries(verdicts).map(
    ([verdict, count]) => `${verdictWords[verdict as keyof typeof verdictWords]} ${verdict} ${count}`,
  )
  return [`台区日 area days ${areaDays}`, `新记修订 revisions appended ${written}`, ...told].join(' · ')
}
