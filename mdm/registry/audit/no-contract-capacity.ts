import type { AuditCheck, AuditScene } from './audit-rule.js'

/** Large industry pays for its capacity or demand; without the capacity neither can be told (两部制). */
export function noContractCapacity({ agreements, organisationOf }: AuditScene): readonly AuditCheck[] {
  return agreements
    .filter(({ usageClass }) => usageClass === 'large_industrial')
    .map(({ account, contractCapacityKva }) => ({
      organisation: organisationOf('accounts', account),
      object: account,
      problem: contractCapacityKva === undefined ? '大工业无合同容量 large industry without a contract capacity' : null,
    }))
}
