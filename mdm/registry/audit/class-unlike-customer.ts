import type { AuditCheck, AuditScene } from './audit-rule.js'

/** A household under a business tariff class, or the other way round, is one of the two by mistake. */
export function classUnlikeCustomer({ document, agreements, organisationOf }: AuditScene): readonly AuditCheck[] {
  const customerOf = new Map(document.accounts.map(({ code, customer }) => [code, customer]))
  const kinds = new Map(document.customers.map(({ code, kind }) => [code, kind]))
  return agreements.flatMap(({ account, usageClass }) => {
    const kind = kinds.get(customerOf.get(account) ?? '')
    if (usageClass === undefined || usageClass === 'agricultural' || kind === undefined) return []
    const isAlike = (usageClass === 'residential') === (kind === 'residential')
    const problem = isAlike ? null : `用电类别 ${usageClass} 与客户类型 ${kind} 不符 class unlike the customer’s kind`
    return [{ organisation: organisationOf('accounts', account), object: account, problem }]
  })
}
