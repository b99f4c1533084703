import type { AuditCheck, AuditScene } from './audit-rule.js'

/** A meter counts once its multiplier is known, even if that is 1. */
export function multiplierUnknown(scene: AuditScene): readonly AuditCheck[] {
  return [...scene.installationAt.keys()].map((usagePoint) => ({
    organisation: scene.organisationOf('usagePoints', usagePoint),
    object: usagePoint,
    problem: scene.multiplierAt.has(usagePoint) ? null : '有电表，无倍率 a meter and no multiplier',
  }))
}
