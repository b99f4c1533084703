import { invariant } from '../../domain/result.js'
import type { DataItem, Edition, Layout } from './data-item.js'
import { hexOf } from '../hex.js'

/** Values that one byte of an identifier may take. */
export type ByteRange = readonly number[]

/** Items whose identifiers differ in some bytes only: the tariffs of a register, the last ten records of an event. */
export interface ItemFamily {
  readonly edition: Edition
  /** Each byte of the identifier, high byte first. */
  readonly bytes: readonly ByteRange[]
  /** Chinese name as in the standard's tables, English beside it; the variable bytes are described in `title` too. */
  readonly title: string
  /** `w`: may be written with a password. */
  readonly access: 'r' | 'rw' | 'w'
  /** How sure it is: standard tables and several public codecs agree, one source, or sources disagree. */
  readonly grade: 'agreed' | 'single' | 'disputed'
  readonly layoutOf: (bytes: readonly number[]) => Layout
}

export function range(first: number, last: number): ByteRange {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** FF in place of a tariff or an index asks for the block of all of them. */
export const blockByte = 0xff

type FamilyOptions = Partial<Pick<ItemFamily, 'access' | 'grade'>>

/** A family of an edition. `pattern` has two hexadecimal digits for a fixed byte and `..` for each of `ranges`, in order. */
export function family(
  pattern: string,
  ranges: readonly ByteRange[],
  title: string,
  layoutOf: (bytes: readonly number[]) => Layout,
  { access = 'r', grade = 'agreed' }: FamilyOptions = {},
): ItemFamily {
  const open = [...ranges]
  const bytes = (pattern.match(/../g) ?? []).map((pair) =>
    pair === '..' ? (open.shift() ?? []) : [Number.parseInt(pair, 16)],
  )
  invariant(open.length === 0 && bytes.every((each) => each.length > 0), `a range for each variable byte of ${pattern}`)
  return { edition: bytes.length === 4 ? '2007' : '1997', bytes, title, access, grade, layoutOf }
}

/** A single item. */
export function item(identifier: string, title: string, layout: Layout, options?: FamilyOptions): ItemFamily {
  return family(identifier, [], title, () => layout, options)
}

export function itemOf(each: ItemFamily, bytes: readonly number[]): DataItem {
  return { edition: each.edition, dataIdentifier: hexIdentifier(bytes), layout: each.layoutOf(bytes) }
}

/** Every identifier of the family, in ascending order of its bytes. */
export function* identifiersOf(each: ItemFamily): Generator<readonly number[]> {
  yield* combinations(each.bytes)
}

function* combinations(ranges: readonly ByteRange[]): Generator<readonly number[]> {
  const [first, ...rest] = ranges
  if (first === undefined) yield []
  else for (const byte of first) for (const tail of combinations(rest)) yield [byte, ...tail]
}

function hexIdentifier(bytes: readonly number[]): string {
  return hexOf(Buffer.from(bytes))
}
