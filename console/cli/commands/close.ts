import { type Command, Option } from 'commander'
import { dryRun } from '../../../billing/runs/dry-run.js'
import type { StepInput } from '../../../billing/runs/each-segment.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { postRun } from '../../../billing/runs/post-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import { UserError } from '../../../domain/errors.js'
import type { Clock } from '../../../domain/runtime.js'
import { isLocalDate } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import type { CloseDocument } from '../../close/close-document.js'
import { closeListText, closeText } from '../../close/close-text.js'
import { closeDocumentOf, closeDocuments, runOfMonth } from '../../close/run-of-month.js'
import { createProgress, whileWorking } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { monthPeriod } from '../month-period.js'
import { withDatabase } from '../session.js'

interface OfMonth {
  readonly organisation: string
  readonly run?: string
  readonly json?: true
}
interface StepFlags extends OfMonth {
  readonly actor: string
}
interface ReviewFlags extends StepFlags {
  readonly digest: string
}
interface FreezeFlags extends StepFlags {
  readonly accountingDate: string
  readonly dueDate: string
}

type TakeStep = (database: Database, clock: Clock, step: StepInput) => Promise<unknown>

export function addCloseCommand(program: Command, io: Io): void {
  const close = program
    .command('close')
    .description('月结：冻结、试算、审核、发行、过账 the month, from determinants to the ledger')
  addFreeze(close, io)
  addStep(
    close,
    io,
    'dry-run',
    '试算：逐户计价，只记汇总与摘要 rates every account; keeps totals and digest only',
    dryRun,
  )
  addReview(close, io)
  addStep(
    close,
    io,
    'issue',
    '发行：产生账单、应收与分录，须非审核人 bills, receivables and entries, as reviewed; not by the reviewer',
    issueRun,
  )
  addStep(close, io, 'post', '过账：分录入账，应收可见 entries join the ledger, receivables exist for others', postRun)
  addShow(close, io)
}

function addFreeze(close: Command, io: Io): void {
  ofMonth(close.command('freeze'))
    .description(
      '冻结批次：计费量、电价、阶梯起点、日期 freezes what a run rests on; a further run bills who has no bill yet',
    )
    .requiredOption('--accounting-date <date>', '记账日 day of the journal entries, YYYY-MM-DD')
    .requiredOption('--due-date <date>', '到期日 day until which the bills are to be paid, YYYY-MM-DD')
    .requiredOption('--actor <id>', '操作者 who acts')
    .action(async (month: string, flags: FreezeFlags) => {
      const { organisation, accountingDate, dueDate, actor, json } = flags
      const period = monthPeriod(month)
      for (const [option, date] of [
        ['--accounting-date', accountingDate],
        ['--due-date', dueDate],
      ] as const)
        if (!isLocalDate(date))
          throw new UserError('bad_usage', `${option} ${date}: 应为日期 expected a date YYYY-MM-DD`)
      if (dueDate < accountingDate)
        throw new UserError(
          'bad_usage',
          `--due-date ${dueDate}: 早于记账日 is before the accounting date ${accountingDate}`,
        )
      const document = await withDatabase(io, 'billing', async (database) => {
        const input = { organisation, ...period, accountingDate, dueDate, actor }
        const { runId } = await whileWorking(io, { title: '冻结批次 freezing the run', isQuiet: json === true }, () =>
          freezeRun(database, createRealClock(), input),
        )
        return closeDocumentOf(database, await runOfMonth(database, month, { organisation, run: runId }))
      })
      io.out(json === true ? toJson(document) : closeText(document))
    })
}

function addStep(
  close: Command,
  io: Io,
  name: 'dry-run' | 'issue' | 'post',
  description: string,
  take: TakeStep,
): void {
  withRun(ofMonth(close.command(name)))
    .description(description)
    .requiredOption('--actor <id>', '操作者 who acts')
    .action(async (month: string, flags: StepFlags) => {
      const document = await withDatabase(io, 'billing', (database) =>
        takeStep(io, database, { month, flags, title: description.split(/[：:]/)[0] ?? name, take }),
      )
      io.out(flags.json === true ? toJson(document) : closeText(document))
    })
}

function addReview(close: Command, io: Io): void {
  withRun(ofMonth(close.command('review')))
    .description('审核：接受试算的结果，须非编制人 accepts what the dry run came to; not by who prepared it')
    .requiredOption('--digest <sha256>', '所接受结果的摘要，见 close show what is accepted, 64 hexadecimal digits')
    .requiredOption('--actor <id>', '操作者 who acts')
    .action(async (month: string, flags: ReviewFlags) => {
      const review: TakeStep = (database, clock, step) => reviewRun(database, clock, { ...step, digest: flags.digest })
      const document = await withDatabase(io, 'billing', (database) =>
        takeStep(io, database, { month, flags, title: '审核 review', take: review }),
      )
      io.out(flags.json === true ? toJson(document) : closeText(document))
    })
}

function addShow(close: Command, io: Io): void {
  close
    .command('show')
    .description('各批次到了哪一步；只有一个时列出其全部 where the runs stand; all about one where there is one')
    .argument('[month]', '月份 a month, YYYY-MM')
    .option('--organisation <code>', '单位 of this organisation')
    .addOption(runOption())
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (month: string | undefined, { organisation, run, json }: Partial<OfMonth>) => {
      const period = month === undefined ? null : monthPeriod(month)
      const runs = await withDatabase(io, 'reader', async (reader) =>
        closeDocuments(reader, { organisation: organisation ?? null, period, run: run ?? null }),
      )
      const [only, ...others] = runs
      const isOne = only !== undefined && others.length === 0
      io.out(json === true ? toJson(runs) : isOne ? closeText(only) : closeListText(runs))
    })
}

function ofMonth(command: Command): Command {
  return command
    .argument('<month>', '月份 a month, YYYY-MM')
    .requiredOption('--organisation <code>', '单位及其下级 of this organisation and those below it')
    .option('--json', '输出一个 JSON 文档 one JSON document')
}

function withRun(command: Command): Command {
  return command.addOption(runOption())
}

function runOption(): Option {
  return new Option('--run <run>', '批次，默认该月最后一个 a run of the month; the last one by default')
}

interface Step {
  readonly month: string
  readonly flags: StepFlags
  readonly title: string
  readonly take: TakeStep
}

async function takeStep(io: Io, database: Database, { month, flags, title, take }: Step): Promise<CloseDocument> {
  const {
    run: { run_id: runId, segments },
  } = await runOfMonth(database, month, flags)
  const bar = createProgress(io).stage(`${title} ${runId}`, segments)
  try {
    await take(database, createRealClock(), { runId, actor: flags.actor, advance: () => bar.advance() })
    bar.done()
  } finally {
    bar.stop()
  }
  return closeDocumentOf(database, await runOfMonth(database, month, { ...flags, run: runId }))
}
