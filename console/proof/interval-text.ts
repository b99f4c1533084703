import type { ComponentProof, ProofIntervalDay } from '../../billing/proof/proof-document.js'
import { Decimal } from '../../domain/decimal.js'
import { beijing, localMinute } from '../../domain/time.js'
import { verdictWords } from '../curves/day-text.js'
import { holdWords } from '../determinants/determinant-text.js'
import { kwh } from './kwh-text.js'

/** By which interval days a bill was rated, all together; explained with the digest of each and the frames that brought it. */
export function intervalText(
  { intervals }: Pick<ComponentProof, 'intervals'>,
  isExplained: boolean,
): readonly string[] {
  if (intervals === null) return []
  const { insteadOf, days } = intervals
  const points = days.reduce((count, { values }) => count + values.length, 0)
  const filled = days.flatMap(({ fills }) => fills).reduce((count, { slots }) => count + slots, 0)
  const energy = Decimal.sum(0, ...days.map(energyOf))
  return [
    `按曲线计费 rated by interval days: ${days.length} 表日 days · ${points} 点 intervals · 其中补点 estimates ${filled} · 合计 sum ${kwh(energy.toFixed())} kWh`,
    ...(insteadOf === null
      ? []
      : [
          `※ 分时电量取自曲线，不取示数 energy by slot is the curve's, not the registers' · ${insteadWords(insteadOf)}`,
        ]),
    ...(isExplained ? days.flatMap(dayText) : []),
  ]
}

/** What `--json` says of a day. */
export function intervalDaysJson({ intervals }: Pick<ComponentProof, 'intervals'>): object {
  if (intervals === null) return {}
  const days = intervals.days.map((day) => {
    const { date, meter, multiplier, revision, verdict, digest } = day
    return { date, meter, multiplier, revision, verdict, energy: energyOf(day).toFixed(), digest }
  })
  return { intervals: { insteadOf: intervals.insteadOf, days } }
}

/** The kind of a hold in words of both languages, and its detail. */
function insteadWords(insteadOf: string): string {
  const [kind = ''] = insteadOf.split(':')
  return `${holdWords(kind)} ${insteadOf}`.trim()
}

function dayText(day: ProofIntervalDay): readonly string[] {
  const { date, meter, multiplier, revision, verdict, digest, values, minutes, frames } = day
  return [
    `  ${date} 表 meter ${meter} · 修订 revision ${revision} ${verdictWords[verdict]} · ${values.length} × ${minutes} min · ${kwh(sumOf(values).toFixed())} × ${multiplier} = ${kwh(energyOf(day).toFixed())} kWh · SHA-256 ${digest.slice(0, 16)}…`,
    ...frames.map(
      ({ line, sequence, protocol, receivedAt, points, sha256 }) =>
        `    ← ${line} #${sequence} ${protocol} ${localMinute(beijing, Date.parse(receivedAt))} · ${points} 点 points · SHA-256 ${sha256.slice(0, 16)}…`,
    ),
  ]
}

function energyOf({ values, multiplier }: ProofIntervalDay): Decimal {
  return sumOf(values).mul(multiplier)
}

function sumOf(values: readonly string[]): Decimal {
  return Decimal.sum(0, ...values)
}
