import { groupBy } from '../../../domain/group-by.js'
import { parseScaled } from '../../../domain/scaled.js'
import type { AuditCheck, AuditScene } from './audit-rule.js'

const wholeE6 = 1_000_000n

/** The shares (定比) that children take of one parent leave it something, or nothing, but no less. */
export function sharesAboveOne({ relationAt, organisationOf }: AuditScene): readonly AuditCheck[] {
  const shares = [...relationAt.values()].flatMap((relation) => (relation.kind === 'share' ? [relation] : []))
  return [...groupBy(shares, ({ parent }) => parent)].map(([parent, ofParent]) => {
    const sumE6 = ofParent.reduce((sum, { share }) => sum + (parseScaled(share, 6) ?? 0n), 0n)
    return {
      organisation: organisationOf('usagePoints', parent),
      object: parent,
      problem: sumE6 > wholeE6 ? '定比合计大于 1 shares add up to more than 1' : null,
    }
  })
}
