import { groupBy } from '../../../domain/group-by.js'
import { present } from '../../../domain/result.js'
import type { AuditCheck, AuditScene } from './audit-rule.js'

/** Two meters of one address on one line answer for each other. */
export function addressTwice({ document, installationAt, organisationOf }: AuditScene): readonly AuditCheck[] {
  const meters = new Map(document.meters.map((meter) => [meter.code, meter]))
  const addressed = [...installationAt.values()].map((installation) => {
    const { protocol, communicationAddress } = present(meters.get(installation.meter), 'an installed meter')
    return { installation, key: [installation.line, protocol, communicationAddress].join(' ') }
  })
  return [...groupBy(addressed, ({ key }) => key)].flatMap(([key, group]) =>
    group.map(({ installation }) => ({
      organisation: organisationOf('usagePoints', installation.usagePoint),
      object: installation.meter,
      problem: group.length > 1 ? `同一线路地址重复 address twice on a line: ${key}` : null,
    })),
  )
}
