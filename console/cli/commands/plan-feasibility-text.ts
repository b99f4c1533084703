import { minuteMs } from '../../../domain/time.js'
import { type LineFeasibility, unfitOf } from '../../../headend/plan/plan-feasibility.js'
import { textTable } from '../table.js'

/** Of a large registry the tightest windows tell enough. */
const mostRows = 30

const headings = [
  '线路 line',
  '任务 schedule',
  '抄读数 reads',
  '预计 predicted min',
  '窗口 window min',
  '占用 share %',
  '排不下 unfit',
]

/** What a plan takes on the lines of the registry, the tightest windows first. */
export function feasibilityText(lines: readonly LineFeasibility[]): string {
  if (lines.length === 0) return '档案中没有可预估的线路 the registry has no line whose windows could be predicted'
  const byShare = lines.toSorted((left, right) => shareOf(right) - shareOf(left))
  const unfit = unfitOf(lines).length
  const rest = lines.length - mostRows
  return [
    textTable(headings, byShare.slice(0, mostRows).map(cells)),
    ...(rest > 0 ? [`另有 ${rest} 个窗口更宽裕 ${rest} more windows have more room`] : []),
    unfit === 0
      ? `全部排得下 all ${lines.length} windows hold their reads`
      : `${unfit} 个窗口排不下 ${unfit} of ${lines.length} windows do not hold their reads`,
  ].join('\n')
}

function cells(line: LineFeasibility): readonly (string | number)[] {
  const { predictedMs, windowMs, unfitJobs } = line
  const share = Math.ceil(Math.min(shareOf(line) * 100, 9999))
  return [line.line, line.schedule, line.jobs, minutes(predictedMs), minutes(windowMs), share, unfitJobs]
}

function shareOf({ predictedMs, windowMs }: LineFeasibility): number {
  return windowMs === 0 ? (predictedMs === 0 ? 0 : Number.POSITIVE_INFINITY) : predictedMs / windowMs
}

function minutes(ms: number): string {
  return (ms / minuteMs).toFixed(1)
}
