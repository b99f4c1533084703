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

/** Fields by length, of layouts that were asked for. Lengths that no layout has are not kept: a line may deliver any number of them. */
const fieldsByLength = new WeakMap<Layout, Map<number, readonly Field[]>>()

/** The fields of a payload of this many bytes; null when the item has no such length. */
export function fieldsFor(layout: Layout, byteCount: number): readonly Field[] | null {
  const known = fieldsByLength.get(layout)
  const kept = known?.get(byteCount)
  if (kept !== undefined) return kept
  const fields = cut(layout, byteCount)
  if (fields === null) return null
  if (known === undefined) fieldsByLength.set(layout, new Map([[byteCount, fields]]))
  else known.set(byteCount, fields)
  return fields
}

function cut(layout: Layout, byteCount: number): readonly Field[] | null {
  switch (layout.kind) {
    case 'fixed':
      return bytesOf(layout.fields) === byteCount ? layout.fields : null
    case 'variants':
      return layout.variants.find((fields) => bytesOf(fields) === byteCount) ?? null
    case 'block': {
      let bytes = 0
      for (const [index, group] of layout.groups.entries()) {
        bytes += bytesOf(group)
        if (bytes >= byteCount)
          return bytes === byteCount && index + 1 >= layout.least ? layout.groups.slice(0, index + 1).flat() : null
      }
      return null
    }
    case 'load_records':
      return null
    default:
      return unreachable(layout)
  }
}

/** Every list of fields that a payload of the item may hold; load records have none. */
export function formsOf(layout: Layout): readonly (readonly Field[])[] {
  switch (layout.kind) {
    case 'fixed':
      return [layout.fields]
    case 'variants':
      return layout.variants
    case 'block':
      return layout.groups
        .slice(layout.least - 1)
        .map((_, index) => layout.groups.slice(0, layout.least + index).flat())
    case 'load_records':
      return []
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
