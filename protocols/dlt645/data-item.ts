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

/** The fields of a payload of this many bytes; null when the item has no such length. */
export function fieldsFor(layout: Layout, byteCount: number): readonly Field[] | null {
  switch (layout.kind) {
    case 'fixed':
      return bytesOf(layout.fields) === byteCount ? layout.fields : null
    case 'variants':
      return layout.variants.find((fields) => bytesOf(fields) === byteCount) ?? null
    case 'block':
      return blockFields(layout.groups, layout.least, byteCount)
    case 'load_records':
      return null
  }
}

function blockFields(groups: readonly (readonly Field[])[], least: number, byteCount: number): readonly Field[] | null {
  let bytes = 0
  let count = 0
  for (const group of groups) {
    if (bytes >= byteCount) break
    bytes += bytesOf(group)
    count += 1
  }
  return bytes === byteCount && count >= least ? groups.slice(0, count).flat() : null
}

export function fixed(...fields: readonly Field[]): Layout {
  return { kind: 'fixed', fields }
}

/** A block of the first groups, as many as the payload has room for. */
export function block(groups: readonly (readonly Field[])[], least = 1): Layout {
  return { kind: 'block', groups, least }
}
