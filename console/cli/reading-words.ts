import { quantities, type Quantity } from '../../domain/quantities.js'
import type { ReadingSource } from '../../domain/reading.js'

const sourceWords: Readonly<Record<ReadingSource, string>> = {
  scheduled: '自动抄表',
  backfill: '补召',
  on_demand: '点抄',
  live: '实时',
  field: '补抄',
  exchange: '换表',
  corrected: '更正',
  imported: '导入',
}

/** How a reading came, Chinese with the code beside it; what is none of these as it is. */
export function sourceText(source: string): string {
  return Object.hasOwn(sourceWords, source) ? `${sourceWords[source as ReadingSource]} ${source}` : source
}

const quantityWords: Readonly<Record<Quantity, string>> = {
  forward_active_energy: '正向有功',
  reverse_active_energy: '反向有功',
  forward_reactive_energy: '正向无功',
  reverse_reactive_energy: '反向无功',
  combined_reactive1_energy: '组合无功 1',
  combined_reactive2_energy: '组合无功 2',
  reactive_quadrant1_energy: '一象限无功',
  reactive_quadrant2_energy: '二象限无功',
  reactive_quadrant3_energy: '三象限无功',
  reactive_quadrant4_energy: '四象限无功',
}

const namesByCode = new Map<number, Quantity>(
  Object.entries(quantities).map(([name, { code }]) => [code, name as Quantity]),
)

/** The quantity that is stored under a number; the bare number where there is none. */
export function quantityText(code: number): string {
  const name = namesByCode.get(code)
  return name === undefined
    ? String(code)
    : `${quantityWords[name]} ${name.replace(/_energy$/, '').replaceAll('_', ' ')}`
}

const verdictWords: ReadonlyMap<string, string> = new Map([
  ['accepted', '认可'],
  ['estimated', '估算'],
  ['held', '待核'],
  ['undecided', '未决'],
])

/** What was decided of a reading. */
export function verdictText(verdict: string): string {
  const word = verdictWords.get(verdict)
  return word === undefined ? verdict : `${word} ${verdict}`
}
