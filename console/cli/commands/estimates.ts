import { type Command, Option } from 'commander'
import { formatScaled } from '../../../domain/scaled.js'
import { calendarFor, dayMs, type Instant, localMinute } from '../../../domain/time.js'
import { estimationPolicyInForce } from '../../../mdm/estimation/policy-in-force.js'
import { type EstimationPolicyDocument, methodNames, usageClasses } from '../../../mdm/estimation/policy-document.js'
import { type ListedEstimate, listEstimates } from '../../../storage/mdm/estimate-list.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { methodWords } from '../estimation-words.js'
import { addEstimationPolicyCommands } from './estimates-policy.js'
import { addEstimatesRunCommand } from './estimates-run.js'

interface ListFlags {
  readonly open?: true
  readonly by?: string
  readonly json?: true
}

const mostListed = 1000

export function addEstimatesCommand(program: Command, io: Io): void {
  const estimates = program
    .command('estimates')
    .description('估算：清单与策略 estimated values, how sure they are, and the policy behind them')
  addEstimatesRunCommand(estimates, io)
  estimates
    .command('list')
    .description(`清单，最久未实抄者在前，至多 ${mostListed} 条 those read longest ago first`)
    .option('--open', '仅尚无实抄取代者 only those that no reading has replaced')
    .addOption(new Option('--by <method>', '仅此方法 of one method').choices(methodNames))
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ListFlags) => list(io, flags))
  addEstimationPolicyCommands(estimates, io)
}

async function list(io: Io, { open, by, json }: ListFlags): Promise<void> {
  const now = createRealClock().now()
  const filter = { open: open === true, method: by ?? null, limit: mostListed }
  const { rows, policy } = await withDatabase(io, 'reader', async (reader) => ({
    rows: await listEstimates(reader, filter),
    policy: await estimationPolicyInForce(reader, now),
  }))
  const judged = rows.map((row) => ({ ...row, overLimit: isOverLimit(row, policy.document, now) }))
  if (json === true) return io.out(toJson({ policyVersion: policy.version, estimates: judged.map(forJson) }))
  if (judged.length === 0) return io.out('没有估算值 there is no estimate')
  io.out(textTable(heading, judged.map(cells)))
  const over = judged.filter(({ overLimit }) => overLimit).length
  if (over > 0)
    io.out(
      `${over} 条超过连续估算期限，须补抄 · ${over} stand for longer than the policy allows: somebody has to go and read`,
    )
}

/** It still stands for a reading although nobody has read the meter for longer than estimates may go on. */
export function isOverLimit(
  { superseded, afterAt, beforeAt, usageClass }: ListedEstimate,
  { classes }: EstimationPolicyDocument,
  now: Instant,
): boolean {
  const known = usageClasses.find((each) => each === usageClass) ?? 'residential'
  return !superseded && afterAt === null && now - beforeAt > classes[known].mostConsecutiveDays * dayMs
}

const heading = [
  '电表 meter',
  '时刻 midnight',
  '方法 method',
  '示值 kWh',
  '九成区间 90 % interval',
  '依据 basis',
  '现状 now',
  '差额 difference',
]

type Judged = ListedEstimate & { readonly overLimit: boolean }

function cells(row: Judged): readonly string[] {
  const calendar = calendarFor(row.timeZone)
  const kWh = (value: bigint) => formatScaled(value, 4)
  const until = row.afterAt === null ? '…' : calendar.dateAt(row.afterAt)
  return [
    row.meter,
    localMinute(calendar, row.readAt),
    methodWords[row.method] ?? row.method,
    kWh(row.totalE4),
    `${kWh(row.lowE4)} – ${kWh(row.highE4)}`,
    `${calendar.dateAt(row.beforeAt)} … ${until}`,
    standing(row),
    row.superseded && row.differenceE4 !== null ? kWh(row.differenceE4) : '',
  ]
}

function standing({ superseded, standingVerdict, overLimit }: Judged): string {
  if (overLimit) return '超期 over limit'
  if (!superseded) return '估算 estimated'
  if (standingVerdict === 'accepted') return '已实抄 read since'
  return standingVerdict === 'held' ? '待核 held' : '已重估 estimated anew'
}

function forJson({ readAt, beforeAt, afterAt, recordedAt, totalE4, lowE4, highE4, differenceE4, ...row }: Judged) {
  const iso = (instant: Instant) => new Date(instant).toISOString()
  return {
    ...row,
    readAt: iso(readAt),
    totalKwh: formatScaled(totalE4, 4),
    lowKwh: formatScaled(lowE4, 4),
    highKwh: formatScaled(highE4, 4),
    differenceKwh: differenceE4 === null ? null : formatScaled(differenceE4, 4),
    beforeAt: iso(beforeAt),
    afterAt: afterAt === null ? null : iso(afterAt),
    recordedAt: iso(recordedAt),
  }
}
