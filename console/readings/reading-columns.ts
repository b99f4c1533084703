import type { Quantity } from '../../domain/quantities.js'
import { registerFields } from '../../storage/mdm/judge-staged-readings.js'
import type { CellType } from '../registry/sheet-columns.js'

export interface ReadingColumn {
  readonly field: string
  readonly title: string
  readonly type: CellType
  /** What else people write above it. */
  readonly others: readonly string[]
}

function column(field: string, title: string, kind: 'code' | 'text' | 'instant' | 'decimal', ...others: string[]) {
  return { field, title, type: { kind }, others } as const satisfies ReadingColumn
}

/** Columns of a file of readings. Each row needs a meter or a usage point, an instant and a register; the others may be left out. */
export const readingColumns: readonly ReadingColumn[] = [
  column('meter', '电表', 'code', '表号', '电表编号'),
  column('usagePoint', '计量点', 'code', '计量点编号', 'usage point'),
  column('at', '示数时刻', 'instant', '日期', '时刻', '抄表日期', 'date', 'read at', 'registers of'),
  column('total', '总', 'decimal', '总示数', '正向有功总', '示数'),
  column('tou1', '费率1', 'decimal'),
  column('tou2', '费率2', 'decimal'),
  column('tou3', '费率3', 'decimal'),
  column('tou4', '费率4', 'decimal'),
  column('reverse', '反向总', 'decimal', '反向有功总'),
  column('reactive', '无功总', 'decimal', '正向无功总'),
  column('reverseReactive', '反向无功总', 'decimal'),
  column('reader', '抄表人', 'text'),
  column('document', '依据', 'text', '照片', 'photo', '单据'),
]

/** Registers by quantity: total, then tou1 to tou4 where the file may have them. */
export const quantityColumns = {
  forward_active_energy: ['total', 'tou1', 'tou2', 'tou3', 'tou4'],
  reverse_active_energy: ['reverse'],
  forward_reactive_energy: ['reactive'],
  reverse_reactive_energy: ['reverseReactive'],
} as const satisfies Partial<Record<Quantity, readonly string[]>>

export const fieldsByQuantity = registerFields(quantityColumns)

/** `电表 meter`. */
export function readingHeading({ field, title }: ReadingColumn): string {
  return `${title} ${field}`
}

/** A column by its heading, by either half of it, or by another name, in any case. */
export function readingColumnNamed(heading: string): ReadingColumn | null {
  const wanted = heading.trim().replace(/\*$/, '').toLowerCase()
  const names = (one: ReadingColumn) => [readingHeading(one), one.title, one.field, ...one.others]
  return readingColumns.find((one) => names(one).some((name) => name.toLowerCase() === wanted)) ?? null
}
