import type { AuditCheck, AuditScene } from './audit-rule.js'

/** What a child takes of its parent's, or is taken off it, has to be measured there. */
export function parentWithoutMeter({ relationAt, installationAt, organisationOf }: AuditScene): readonly AuditCheck[] {
  return [...relationAt.values()].map(({ usagePoint, parent }) => ({
    organisation: organisationOf('usagePoints', usagePoint),
    object: usagePoint,
    problem: installationAt.has(parent) ? null : `上级 ${parent} 无电表 its parent has no meter`,
  }))
}
