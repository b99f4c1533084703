import { groupBy } from '../../../domain/group-by.js'
import type { AuditCheck, AuditScene } from './audit-rule.js'

/** A billed meter has a verification that is still good (检定); without one its bills can be contested. */
export function notVerified({
  document,
  day,
  agreements,
  installationAt,
  organisationOf,
}: AuditScene): readonly AuditCheck[] {
  const verified = groupBy(document.verifications ?? [], ({ meter }) => meter)
  return agreements.flatMap(({ usagePoint }) => {
    const meter = installationAt.get(usagePoint)?.meter
    if (meter === undefined) return []
    const until = (verified.get(meter) ?? [])
      .map(({ validUntil }) => validUntil)
      .sort()
      .at(-1)
    return [{ organisation: organisationOf('usagePoints', usagePoint), object: meter, problem: problemOf(until, day) }]
  })
}

function problemOf(until: string | undefined, day: string): string | null {
  if (until === undefined) return '无检定记录 no verification on record'
  return until < day ? `检定已过期 verified until ${until}` : null
}
