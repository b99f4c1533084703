import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { MeterId } from '../../../domain/reading.js'
import { beijing, type Instant, localMinute } from '../../../domain/time.js'
import { runValidation, type ValidationReport } from '../../../mdm/validation/run-validation.js'
import type { Database } from '../../../storage/database.js'
import { meterCodes } from '../../../storage/mdm/validation-screen.js'
import { createProgress } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { daySpan } from '../day-span.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { addVeePolicyCommands } from './vee-policy.js'
import { addVeeShowCommand } from './vee-show.js'

interface RunFlags {
  readonly from: string
  readonly to: string
  readonly actor: string
  readonly again?: true
  readonly reason?: string
  readonly json?: true
}

export function addVeeCommand(program: Command, io: Io): void {
  const vee = program.command('vee').description('校核 validation: rules over what meters said')
  vee
    .command('run')
    .description('校核所列日期的示值 validates the readings of the midnights from D through D')
    .requiredOption('--from <date>', '首日 first local day, whose midnight counts')
    .requiredOption('--to <date>', '末日 last local day, whose midnight counts')
    .requiredOption('--actor <code>', '操作人 who asks for it')
    .option('--again', '规则或档案变更后重新校核 judges everything anew, after a rule or the master data changed')
    .option('--reason <text>', '为何重新校核 why, with --again')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: RunFlags) => run(io, flags))
  addVeeShowCommand(vee, io)
  addVeePolicyCommands(vee, io)
}

async function run(io: Io, { actor, reason, json, ...flags }: RunFlags): Promise<void> {
  const again = flags.again === true
  const range = daySpan(flags)
  if (again && (reason ?? '').trim() === '')
    throw new UserError('bad_usage', '--again 须写明原因 expects --reason with why it is done')
  if (!again && reason !== undefined)
    throw new UserError('bad_usage', '--reason 只与 --again 同用 --reason is said of --again')
  const progress = createProgress(io)
  const report = await withDatabase(io, 'mdm', async (database) => {
    await requireActor(database, actor)
    let stage: ReturnType<typeof progress.stage> | null = null
    const onShard = (_done: number, shards: number) => {
      stage ??= progress.stage('校核 validation', shards)
      stage.advance()
    }
    const input = { ...range, now: createRealClock().now(), onShard }
    const asked = again ? { ...input, again: { actor, reason: reason ?? '' } } : input
    const told = await runValidation(database.withStatementLimit(statementLimitMs), asked).finally(progress.stop)
    return withCodes(database, told)
  })
  io.out(json === true ? toJson(report) : reportText(report))
}

/** All areas of a company are looked up in one statement. */
const statementLimitMs = 10 * 60_000
const mostShown = 20

/** People and other programs know meters by their codes. */
async function withCodes(database: Database, { accepted, held, missing }: ValidationReport) {
  const codes = await meterCodes(
    database,
    [...held, ...missing].map(({ meterId }) => meterId),
  )
  const named = <Key extends { readonly meterId: MeterId; readonly readAt: Instant }>({
    meterId,
    readAt,
    ...rest
  }: Key) => ({
    meter: codes.get(meterId) ?? String(meterId),
    readAt: new Date(readAt).toISOString(),
    ...rest,
  })
  return { accepted, held: held.map(named), missing: missing.map(named) }
}

function reportText({ accepted, held, missing }: Awaited<ReturnType<typeof withCodes>>): string {
  const lines = [
    `采用 accepted ${accepted} · 待核 held ${held.length} · 未抄回 open ${missing.length}（只计有变化的 what changed）`,
  ]
  if (held.length > 0)
    lines.push(
      textTable(
        ['电表 meter', '量 quantity', '时刻 read at', '规则 rules', '原因 reason'],
        held
          .slice(0, mostShown)
          .map(({ meter, quantity, readAt, rules, reason }) => [
            meter,
            quantity,
            localMinute(beijing, Date.parse(readAt)),
            rules.join(' '),
            reason,
          ]),
      ),
    )
  if (held.length > mostShown) lines.push(`另有 and ${held.length - mostShown} 条 more`)
  return lines.join('\n')
}
