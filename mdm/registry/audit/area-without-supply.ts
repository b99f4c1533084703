import type { AuditCheck, AuditScene } from './audit-rule.js'

/** Losses of an area are known where what flows in is measured (台区总表). */
export function areaWithoutSupply({ document, installationAt, organisationOf }: AuditScene): readonly AuditCheck[] {
  const supplied = new Set(
    (document.areaSupplies ?? [])
      .filter(({ usagePoint }) => installationAt.has(usagePoint))
      .map(({ transformerArea }) => transformerArea),
  )
  return document.transformerAreas.map(({ code }) => ({
    organisation: organisationOf('transformerAreas', code),
    object: code,
    problem: supplied.has(code) ? null : '台区无总表 no supply meter',
  }))
}
