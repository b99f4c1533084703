import type { AuditCheck, AuditScene } from './audit-rule.js'

/** Somebody goes where a meter does not answer. */
export function areaWithoutCrew({ document, organisationOf }: AuditScene): readonly AuditCheck[] {
  const owned = new Set((document.crewAreas ?? []).map(({ transformerArea }) => transformerArea))
  return document.transformerAreas.map(({ code }) => ({
    organisation: organisationOf('transformerAreas', code),
    object: code,
    problem: owned.has(code) ? null : '台区无班组 no crew',
  }))
}
