import { type AuditCheck, type AuditScene, hasOwnMeter } from './audit-rule.js'

/** Supply under an agreement is measured, unless a share or quantity of a parent's is what counts. */
export function noMeter(scene: AuditScene): readonly AuditCheck[] {
  return scene.agreements.map(({ usagePoint }) => ({
    organisation: scene.organisationOf('usagePoints', usagePoint),
    object: usagePoint,
    problem:
      scene.installationAt.has(usagePoint) || !hasOwnMeter(scene, usagePoint)
        ? null
        : '有协议，无电表 an agreement and no meter',
  }))
}
