import type { Command } from 'commander'
import { estimateMissing, type EstimationReport } from '../../../mdm/estimation/estimate-missing.js'
import { meterCodes } from '../../../storage/mdm/validation-screen.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { daySpan } from '../day-span.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface RunFlags {
  readonly from: string
  readonly to: string
  readonly actor: string
  readonly json?: true
}

export function addEstimatesRunCommand(estimates: Command, io: Io): void {
  estimates
    .command('run')
    .description(
      '估算所列日期的缺失示值，按策略；可重复 estimates what is missing of the midnights from D through D as the policy allows; may be repeated',
    )
    .requiredOption('--from <date>', '首日 first local day, whose midnight counts')
    .requiredOption('--to <date>', '末日 last local day, whose midnight counts')
    .requiredOption('--actor <code>', '操作人 who asks for it')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: RunFlags) => run(io, flags))
}

async function run(io: Io, { actor, json, ...days }: RunFlags): Promise<void> {
  const span = daySpan(days)
  const report = await withDatabase(io, 'mdm', async (mdm) => {
    await requireActor(mdm, actor)
    const { estimated, notEstimable } = await estimateMissing(mdm, { ...span, now: createRealClock().now() })
    const codes = await meterCodes(
      mdm,
      [...estimated, ...notEstimable].map(({ meterId }) => meterId),
    )
    const named = ({ meterId, readAt }: EstimationReport['estimated'][number]) => ({
      meter: codes.get(meterId) ?? String(meterId),
      readAt: new Date(readAt).toISOString(),
    })
    return {
      estimated: estimated.map(named),
      notEstimable: notEstimable.map((point) => ({ ...named(point), reason: point.reason })),
    }
  })
  if (json === true) return io.out(toJson(report))
  io.out(`估算 estimated ${report.estimated.length} · 不可估 not estimable ${report.notEstimable.length}`)
  if (report.notEstimable.length > 0)
    io.out(
      textTable(
        ['表 meter', '时刻 instant', '原因 reason'],
        report.notEstimable.map(({ meter, readAt, reason }) => [meter, readAt, reason]),
      ),
    )
}
