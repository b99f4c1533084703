import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { dayMs, type LocalDate } from '../../../domain/time.js'
import { curvePolicyInForce } from '../../../mdm/curves/policy-in-force.js'
import { type CurveReport, settleCurves } from '../../../mdm/curves/settle-curves.js'
import { insertCurveSettlement } from '../../../storage/mdm/curve-settlements.js'
import { countMeters, findMeterId } from '../../../storage/mdm/curve-registry.js'
import { type NoCurves, whyNoCurves } from '../../../storage/mdm/nothing-to-settle.js'
import { verdictWords } from '../../curves/day-text.js'
import { createProgress } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { dayRange } from '../day-span.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface SettleFlags {
  readonly from: string
  readonly to: string
  readonly meter?: string
  readonly actor: string
  readonly json?: true
}

export function addCurvesSettleCommand(curves: Command, io: Io): void {
  curves
    .command('settle')
    .description(
      '曲线结算：整点校核、缺点补全、与示数核对，存为日曲线；重复执行只记变化 makes interval days; run again it appends only what changed',
    )
    .requiredOption('--from <day>', '首日 first day of use, such as 2026-07-01')
    .requiredOption('--to <day>', '末日，含当日 last day of use, itself included')
    .option('--meter <code>', '仅此电表 only this meter')
    .requiredOption('--actor <id>', '操作者 who acts')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: SettleFlags) => settle(io, flags))
}

async function settle(io: Io, { from, to: last, meter, actor, json }: SettleFlags): Promise<void> {
  const { to } = dayRange({ from, to: last })
  const report = await withDatabase(io, 'mdm', async (mdm) => {
    await requireActor(mdm, actor)
    const meterId = meter === undefined ? null : await findMeterId(mdm, meter)
    if (meter !== undefined && meterId === null)
      throw new UserError('not_found', `${meter}: 无此电表 no meter of this code`)
    const now = createRealClock().now()
    const policy = await curvePolicyInForce(mdm, now)
    const stage = createProgress(io).stage('曲线结算 settling curves', meterId === null ? await countMeters(mdm) : 1)
    try {
      const settled = await settleCurves(mdm, {
        from,
        to,
        now,
        policy,
        onMeters: stage.advance,
        ...(meter === undefined ? {} : { meterCode: meter }),
      })
      await insertCurveSettlement(mdm, {
        from,
        to,
        recordedAt: now,
        actor,
        meterId,
        policyVersion: policy.version,
        ...settled,
      })
      stage.done()
      return {
        ...settled,
        nothing: settled.meters === 0 ? await whyNoCurves(mdm, { ...utcSpan(from, to), meterId }) : null,
      }
    } finally {
      stage.stop()
    }
  })
  io.out(json === true ? toJson({ from, to: last, ...report }) : reportText(report))
}

/** Days of any time zone lie within it. */
function utcSpan(from: LocalDate, to: LocalDate) {
  return { from: Date.parse(from) - dayMs, to: Date.parse(to) + dayMs }
}

const nothingTexts: Readonly<Record<NoCurves['kind'], string>> = {
  no_meter_in_registry: '档案中无电表 the registry has no meter',
  no_curve_collected: '此期间未采到曲线 no piece of a curve was collected in these days',
  curves_of_no_meter:
    '采到的曲线不属装用中的电表，或无电能通道 what was collected is of no meter in service, or of no channel of energy',
}

function reportText({
  meters,
  days,
  open,
  written,
  rules,
  nothing,
}: CurveReport & { readonly nothing: NoCurves | null }) {
  if (nothing !== null)
    return `无可结算 nothing to settle: 电表 meters ${nothing.meters} · ${nothingTexts[nothing.kind]}`
  const spoken = Object.entries(rules).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return textTable(
    ['曲线 curves', ''],
    [
      ['电表 meters', meters],
      ...(['complete', 'filled', 'held'] as const).map((verdict) => [
        `${verdictWords[verdict]} 日 days`,
        days[verdict],
      ]),
      ['未满，待补召 not closed yet', open],
      ['新记修订 revisions appended', written],
      ...spoken.map(([rule, count]) => [`规则 rule ${rule}`, count]),
    ],
  )
}
