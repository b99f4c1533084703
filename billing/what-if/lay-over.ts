import { UserError } from '../../domain/errors.js'
import type { LocalDate } from '../../domain/time.js'
import { ended } from '../tariffs/components/succession.js'
import type { TariffVersion } from '../tariffs/components/tariff-schema.js'

/** Local days [from, to). */
export interface LocalDays {
  readonly from: LocalDate
  readonly to: LocalDate
}

/**
 * Versions that a run could have been rated under: as they hold, where together they leave none of its days out; one that stands alone is
 * laid over all of its days, because prices are asked about in a month before they hold. @throws UserError bad_input tariff_gap, tariff_overlap
 */
export function layOver(code: string, versions: readonly TariffVersion[], { from, to }: LocalDays): TariffVersion[] {
  const inOrder = ended(versions).toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  refuseOverlap(code, inOrder)
  if (follow(inOrder, { from, to })) return inOrder
  const [only, ...others] = inOrder
  if (only !== undefined && others.length === 0) {
    const { validTo: _dropped, ...rest } = only
    return [{ ...rest, validFrom: only.validFrom < from ? only.validFrom : from }]
  }
  throw new UserError(
    'bad_input',
    `${code}: 所给各版本未覆盖 ${from} 至 ${to} the versions given do not cover all of ${from} to ${to}`,
    { reason: 'tariff_gap' },
  )
}

/** No day is of two versions, whatever documents they come in. */
function refuseOverlap(code: string, inOrder: readonly TariffVersion[]): void {
  for (const [index, { version, validTo }] of inOrder.slice(0, -1).entries()) {
    const next = inOrder[index + 1]
    if (next === undefined || (validTo !== undefined && validTo <= next.validFrom)) continue
    throw new UserError(
      'bad_input',
      `${code}: 所给各版本有效期重叠 versions ${version} (to ${validTo ?? 'further notice'}) and ${next.version} (from ${next.validFrom}) overlap`,
      { reason: 'tariff_overlap' },
    )
  }
}

function follow(versions: readonly TariffVersion[], { from, to }: LocalDays): boolean {
  let reached: LocalDate | null = from
  for (const { validFrom, validTo } of versions) {
    if (reached === null || validFrom > reached) break
    if (validTo === undefined) reached = null
    else if (validTo > reached) reached = validTo
  }
  return versions.length > 0 && (reached === null || reached >= to)
}
