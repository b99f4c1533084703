import type { ProofEvidence, ProofRelation } from '../../billing/proof/proof-document.js'
import { unreachable } from '../../domain/result.js'
import { beijing, localMinute } from '../../domain/time.js'
import { kwh, registersText } from './kwh-text.js'

/** What an account's quantity depends on beside its own meters. Others are usage points here, never customers. */
export function relationsText({ relations }: ProofEvidence): readonly string[] {
  if (relations === null) return []
  const at = (instant: string) => localMinute(beijing, Date.parse(instant))
  return [
    `计量关系 relations of usage point ${relations.point}`,
    ...relations.relations.map(
      (one) => `  ${one.child} ⊂ ${one.parent} · ${ruleText(one)} · ${at(one.from)} … ${at(one.to)}`,
    ),
    ...relations.points.flatMap(({ point, segments }) =>
      segments.map(
        ({ meter, multiplier, start, end }) =>
          `  ${point} 表 meter ${meter.code} × ${multiplier}: ${registersText(start.registers)} → ${registersText(end.registers)}`,
      ),
    ),
  ]
}

function ruleText({ kind, share, quantity }: ProofRelation): string {
  switch (kind) {
    case 'main_sub':
      return '总分 main and sub'
    case 'deducted':
      return '套扣 deducted'
    case 'share':
      return `定比 share ${share ?? ''}`
    case 'quantity':
      return `定量 quantity ${kwh(quantity ?? '0')} kWh`
    default:
      return unreachable(kind)
  }
}
