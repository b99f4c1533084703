import type { AuditCheck, AuditScene } from './audit-rule.js'

/** An agreement names a tariff of which there is a version. */
export function unknownTariff({ agreements, tariffs, organisationOf }: AuditScene): readonly AuditCheck[] {
  return agreements.map(({ account, tariff }) => ({
    organisation: organisationOf('accounts', account),
    object: account,
    problem: tariffs.has(tariff) ? null : `无此电价 no such tariff: ${tariff}`,
  }))
}
