import { compare, one, parseRational, zero } from '../../../domain/rational.js'
import type { TariffVersion } from './tariff-schema.js'

export type PostingDefectKind =
  | 'component_unknown'
  | 'fund_repeated'
  | 'purchase_repeated'
  | 'vat_rate_out_of_range'
  | 'negative_price'

/** `where` is the place in the file. */
export interface PostingDefect {
  readonly kind: PostingDefectKind
  readonly where: string
  readonly message: string
}

/** What would let a bill be booked wrongly. */
export function checkPosting({ posting, components }: TariffVersion, path: string): readonly PostingDefect[] {
  if (posting === undefined) return []
  const { vat, funds, purchases = [] } = posting
  const defect = (kind: PostingDefectKind, where: string, message: string): PostingDefect => ({
    kind,
    where: `${path}.posting.${where}`,
    message,
  })
  const named = [
    ...('component' in vat ? [{ component: vat.component, where: 'vat.component' }] : []),
    ...funds.flatMap((fund, index) =>
      'component' in fund ? [{ component: fund.component, where: `funds.${index}.component` }] : [],
    ),
    ...purchases.map((component, index) => ({ component, where: `purchases.${index}` })),
  ]
  const names = funds.map(({ fund }) => fund)
  return [
    ...named
      .filter(({ component }) => !components.some(({ code }) => code === component))
      .map(({ component, where }) => defect('component_unknown', where, `no component is ${component}`)),
    ...('rate' in vat && !isRate(vat.rate) ? [defect('vat_rate_out_of_range', 'vat.rate', 'from 0 to below 1')] : []),
    ...names.flatMap((fund, index) =>
      names.indexOf(fund) === index ? [] : [defect('fund_repeated', `funds.${index}`, `${fund} comes twice`)],
    ),
    ...purchases.flatMap((component, index) =>
      purchases.indexOf(component) === index
        ? []
        : [defect('purchase_repeated', `purchases.${index}`, `${component} comes twice`)],
    ),
    ...funds.flatMap((fund, index) =>
      'price' in fund && compare(parseRational(fund.price) ?? zero, zero) < 0
        ? [defect('negative_price', `funds.${index}.price`, 'a fund is not paid back')]
        : [],
    ),
  ]
}

function isRate(text: string): boolean {
  const rate = parseRational(text) ?? one
  return compare(rate, zero) >= 0 && compare(rate, one) < 0
}
