import type {
  ComponentProof,
  ProofMeasured,
  ProofSegment,
  ProofSettlement,
  ProofTransformer,
} from '../../billing/proof/proof-document.js'
import { beijing, localMinute } from '../../domain/time.js'
import { quantityWords } from '../determinants/quantity-words.js'
import { kwh } from './kwh-text.js'

/** What was measured beside the energy that is billed, and from what. */
export function measuredText({ measured }: ComponentProof): readonly string[] {
  return measured.flatMap((one) => {
    const { name, unit, registers } = one
    return [`${quantityWords[name] ?? ''} ${name}: ${kwh(registers.total)} ${unit}`, ...originText(one)]
  })
}

function originText(one: ProofMeasured): readonly string[] {
  if (one.from === 'registers') return one.segments.map((segment) => segmentText(segment, one.unit))
  if (one.from === 'settlements') return one.settlements.map((settlement) => settlementText(settlement))
  if (one.from === 'freeze') return [`  ${one.basis}`]
  if (one.from === 'transformer') return transformerText(one.transformer)
  return [`  = ${one.of.map((part) => `|${quantityWords[part] ?? part}|`).join(' + ')}  (${one.of.join(' + ')})`]
}

function transformerText({ code, ratedKva, loadShape, points, ...plate }: ProofTransformer): readonly string[] {
  return [
    `  变压器 transformer ${code} · ${ratedKva} kVA · P0 ${plate.noLoadLossKw} kW · Pk ${plate.loadLossKw} kW · k ${loadShape}`,
    ...points.map(
      ({ point, isOwn, borne, active, reactive }) =>
        `  ${isOwn ? '本户 own' : '同变 behind it'} ${point} · 有功 ${kwh(active)} kWh · 无功 ${kwh(reactive)} kvarh · 分摊基数 shared by ${kwh(borne)} kWh`,
    ),
  ]
}

function segmentText({ meter, multiplier, start, end }: ProofSegment, unit: string): string {
  const [from, to] = [start, end].map(({ at }) => localMinute(beijing, Date.parse(at)))
  return `  表 meter ${meter.code} × ${multiplier} · ${from} ${kwh(start.registers.total)} → ${to} ${kwh(end.registers.total)} ${unit}`
}

function settlementText({ meter, multiplier, at, registers }: ProofSettlement): string {
  return `  表 meter ${meter.code} × ${multiplier} · 结算 settled ${localMinute(beijing, Date.parse(at))} ${registers.total} kW`
}
