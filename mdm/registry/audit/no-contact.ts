import type { AuditCheck, AuditScene } from './audit-rule.js'

/** Whoever is billed can be told of it on a way that was verified. */
export function noContact({ document, agreements, organisationOf }: AuditScene): readonly AuditCheck[] {
  const reachable = new Set(document.contacts.filter(({ verified }) => verified).map(({ account }) => account))
  return agreements.map(({ account }) => ({
    organisation: organisationOf('accounts', account),
    object: account,
    problem: reachable.has(account) ? null : '无已核实的联系方式 no verified contact',
  }))
}
