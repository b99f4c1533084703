import type { Posting } from '../../tariffs/components/posting-schema.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { compileEntry } from '../entry-program.js'
import { notCompiled } from './not-compiled-error.js'
import { scaledNumber } from './scaled-number.js'
import type { VersionProgram } from './version-program.js'

const taxDecimals = 4
const priceDecimals = 8

/**
 * How the bills of a version are booked: tax that is contained in the amount, and funds of so much a unit, in columns. Null where funds are
 * components: the readable rule books them. @throws NotCompiledError
 */
export function compilePosting({ posting }: TariffVersion): Pick<VersionProgram, 'posting' | 'entry'> {
  if (posting === undefined || 'component' in posting.vat || (posting.purchases ?? []).length > 0)
    return notCompiled('booked_otherwise')
  const vatRateE4 = scaledOrNot(posting.vat.rate, taxDecimals)
  const funds = posting.funds.map(fundOf)
  const known = funds.filter((fund) => fund !== null)
  return { posting, entry: known.length < funds.length ? null : compileEntry({ vatRateE4, funds: known }) }
}

function fundOf(fund: Posting['funds'][number]) {
  if ('component' in fund) return null
  return { fund: fund.fund, priceE8: scaledOrNot(fund.price, priceDecimals) }
}

function scaledOrNot(text: string, decimals: number): bigint {
  return scaledNumber(text, decimals) ?? notCompiled('booked_otherwise')
}
