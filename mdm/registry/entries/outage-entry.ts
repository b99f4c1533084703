import { z } from 'zod'
import { code, instant, text } from './fields.js'

export const outage = {
  code,
  transformerArea: code.exactOptional(),
  line: code.exactOptional(),
  from: instant,
  to: instant,
  document: text,
}
export const oneScope = {
  path: ['transformerArea'],
  error: '台区或线路，二者之一 expected either a transformerArea or a line',
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
}
interface Scope {
  readonly transformerArea?: string
  readonly line?: string
}
export function hasOneScope(scope: Scope): boolean {
  return (scope.transformerArea === undefined) !== (scope.line === undefined)
}
const dated = z.object({ from: instant, to: instant })
export const laterEnd = {
  path: ['to'],
  error: '止须晚于起 expected an instant after from',
  when: ({ value }: { readonly value: unknown }) => dated.safeParse(value).success,
}
export function hasLaterEnd({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return Date.parse(from) < Date.parse(to)
}
export const plannedOutage = z.strictObject(outage).refine(hasOneScope, oneScope).refine(hasLaterEnd, laterEnd)
