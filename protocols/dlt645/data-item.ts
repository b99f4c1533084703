import { unreachable } from '../../domain/result.js'
import { bytesOf, type Field } from './field.js'

/** The two editions of DL/T 645. */
export type Edition = '2007' | '1997'

/** What a data identifier names. */
export interface DataItem {
  readonly edition: Edition
  /** Upper-case hexadecimal, high byte first: 8 digits (2007) or 4 digits (1997). */
  readonly dataIdentifier: string
  readonly layout: Layout
}

/** How an item's payload is cut into fields; the number of bytes decides where meters may differ. */
export type Layout =
  | { readonly kind: 'fixed'; readonly fields: readonly Field[] }
  /** One group after the other, `least` to `groups.length` of them: tariffs the meter has, settlement days it keeps. */
  | { readonly kind: 'block'; readonly groups: readonly (readonly Field[])[]; readonly least: number }
  /** Several complete layouts that meters in the field use; they differ in length. */
  | { readonly kind: 'variants'; readonly variants: readonly (readonly Field[])[] }
  /** Load records of variable length (`load-records.ts`). */
  | { readonly kind: 'load_records' }

/** Fields by length, of layouts that were asked for: a meter sends few lengths, and a byte bounds them. */
const fieldsByLength = new WeakMap<Layout, Map<number, readonly Field[] | null>>()

/** The fields of a payload of this many bytes; null when the item has no such length. */
export function fieldsFor(layout: Layout, byteCount: number): readonly Field[] | null {
  let known = fieldsByLength.get(layout)
  if (known === undefined) fieldsByLength.set(layout, (known = new Map()))
  let fields = known.get(byteCount)
  if (fields === undefined) known.set(byteCount, (fields = cut(layout, byteCount)))
  return fields
}

function cut(layout: Layout, byteCount: number): readonly Field[] | null {
  switch (layout.kind) {
    case 'fixed':
      return bytesOf(layout.fields) === byteCount ? layout.fields : null
    case 'variants':
      return layout.variants.find((fields) => bytesOf(fields) === byteCount) ?? null
    case 'block': {
      const count =
        layout.groups.findIndex((_, index) => bytesOf(layout.groups.slice(0, index + 1).flat()) === byteCount) + 1
      return count >= layout.least ? layout.groups.slice(0, count).flat() : null
    }
    case 'load_records':
      return null
    default:
      return unreachable(layout)
  }
}

export function fixed(...fields: readonly Field[]): Layout {
  return { kind: 'fixed', fields }
}

/** A block of the first groups, as many as the payload has room for. */
export function block(groups: readonly (readonly Field[])[], least = 1): Layout {
  return { kind: 'block', groups, least }
}
